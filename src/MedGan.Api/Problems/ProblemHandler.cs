using System.Diagnostics;
using MedGan.Api.Security;
using MedGan.Storage.Database;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace MedGan.Api.Problems;

/// <summary>The one place where an exception becomes an answer: RFC 9457 problem details, without the exception's own words.</summary>
public sealed partial class ProblemHandler(IProblemDetailsService problems, ILogger<ProblemHandler> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var problem = Describe(exception);
        var trace = Activity.Current?.Id ?? context.TraceIdentifier;
        problem.Extensions["traceId"] = trace;
        if (problem.Status >= 500)
        {
            LogFailure(trace, exception.GetType().Name, exception);
        }
        else if (exception is not RefusedException { Status: StatusCodes.Status429TooManyRequests }) // the log must not grow with a flood
        {
            LogRefusal(trace, problem.Status ?? 0, problem.Title ?? "");
        }
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        if (problem.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = (exception as RefusedException)?.RetryAfter ?? "10";
        }
        if (problem.Status == StatusCodes.Status413PayloadTooLarge)
        {
            context.Response.Headers.Connection = "close";
        }
        if (!await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem, Exception = exception }))
        {
            // The client does not name the type among those it takes; it learns the reason all the same.
            await context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", cancellationToken);
        }
        return true;
    }

    private static ProblemDetails Describe(Exception exception)
    {
        switch (exception)
        {
            case RefusedException refused:
                var problem = new ProblemDetails { Status = refused.Status, Title = refused.Title, Detail = refused.Detail };
                foreach (var (key, value) in refused.Extensions)
                {
                    problem.Extensions[key] = value;
                }
                return problem;
            case BadHttpRequestException bad:
                return new ProblemDetails { Status = bad.StatusCode, Title = "The request is not valid", Detail = "The request could not be read as HTTP or JSON of the expected form." };
            case QuotaExceededException quota:
                return new ProblemDetails { Status = StatusCodes.Status429TooManyRequests, Title = "The project has too many open jobs", Detail = quota.Message };
            case var away when Transient.IsCauseOf(away):
                return new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = "The database cannot be reached", Detail = "Nothing of this request was kept. Send it again in a moment." };
            case ProviderAwayException:
                return new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = "The sign-in provider cannot be reached", Detail = "Your token cannot be checked now. Send the request again in a moment." };
            case ObjectStoreUnavailableException:
                return new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Title = "The object store cannot be reached", Detail = "Nothing of this request was kept. Send it again in a moment." };
            case var full when Failure.IsDiskFull(full):
                return new ProblemDetails { Status = StatusCodes.Status507InsufficientStorage, Title = "The disk of the service is full", Detail = "Nothing of this request was kept. Free space under the data folder, then send it again." };
            default:
                return new ProblemDetails { Status = StatusCodes.Status500InternalServerError, Title = "The service failed", Detail = "The failure is in the log of the service under the trace id of this answer." };
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {TraceId} failed: {Kind}")]
    private partial void LogFailure(string traceId, string kind, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Request {TraceId} refused: {Status} {Title}")]
    private partial void LogRefusal(string traceId, int status, string title);
}
