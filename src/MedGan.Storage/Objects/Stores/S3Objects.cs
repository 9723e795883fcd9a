using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace MedGan.Storage.Objects.Stores;

/// <summary>
/// Objects in a bucket. Requests that fail in a way that may pass are repeated with growing pauses; large objects go in parts, so
/// that a broken connection costs one part, and are visible only when all are there.
/// </summary>
internal sealed class S3Objects : IObjectStore, IDisposable
{
    /// <summary>Objects larger than this go in parts of this size, bytes. S3 allows 5 MiB to 5 GiB, and 10000 parts.</summary>
    public const int PartBytes = 16 << 20;

    private const int MostParts = 10_000;
    private const int MostRetries = 5;

    private readonly S3Settings _settings;
    private readonly TimeSpan _firstPause;
    private readonly AmazonS3Client _client;

    /// <param name="settings">The bucket.</param>
    /// <param name="firstPause">Before a request is repeated for the first time; each further pause is twice as long.</param>
    public S3Objects(S3Settings settings, TimeSpan? firstPause = null)
    {
        (_settings, _firstPause) = (settings, firstPause ?? TimeSpan.FromMilliseconds(200));
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.ServiceUrl is not null, // servers of one's own seldom have a host name for each bucket
            MaxErrorRetry = 0, // see AskAsync
            Timeout = TimeSpan.FromSeconds(100),
            // What is stored is sealed, so a checksum of the transport adds nothing; and many servers do not know the new ones.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.ServiceUrl is { } url) (config.ServiceURL, config.AuthenticationRegion) = (url, settings.Region);
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        _client = settings is { AccessKey: { } access, SecretKey: { } secret } ? new AmazonS3Client(access, secret, config) : new AmazonS3Client(config);
    }

    public async Task PutAsync(string name, string file, CancellationToken ct)
    {
        var length = new FileInfo(file).Length;
        if (length > PartBytes) await PutPartsAsync(name, file, length, ct);
        else await PutWholeAsync(name, file, ct);
        File.Delete(file);
    }

    public async Task<Stream> OpenAsync(string name, long offset, CancellationToken ct)
    {
        var download = new S3Download((from, token) => AskAsync(name, async () =>
        {
            var request = new GetObjectRequest { BucketName = _settings.Bucket, Key = KeyOf(name) };
            if (from > 0) request.ByteRange = new ByteRange($"bytes={from}-");
            try
            {
                return (await _client.GetObjectAsync(request, token)).ResponseStream;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return Stream.Null; // nothing follows that byte: the reader says what that means
            }
        }, token), offset, _firstPause, () => new ObjectStoreUnavailableException(Sentence));
        await download.ConnectAsync(ct);
        return download;
    }

    public Task RemoveAsync(string name, CancellationToken ct) =>
        AskAsync(name, () => _client.DeleteObjectAsync(_settings.Bucket, KeyOf(name), ct), ct);

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        // Page after page by the last name of each: the continuation tokens of the newer listing are not every server's.
        var request = new ListObjectsRequest { BucketName = _settings.Bucket, Prefix = KeyOf(prefix) };
        ListObjectsResponse page;
        do
        {
            page = await AskAsync(prefix, () => _client.ListObjectsAsync(request, ct), ct);
            foreach (var found in page.S3Objects ?? []) yield return found.Key[_settings.Prefix.Length..];
            request.Marker = page.S3Objects?.LastOrDefault()?.Key;
        }
        while (page.IsTruncated == true && request.Marker is not null);
    }

    public async Task AbortUnfinishedAsync(string prefix, CancellationToken ct)
    {
        try
        {
            var page = await AskAsync(prefix, () => _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _settings.Bucket, Prefix = KeyOf(prefix) }, ct), ct);
            foreach (var upload in page.MultipartUploads ?? [])
                await AskAsync(prefix, () => _client.AbortMultipartUploadAsync(_settings.Bucket, upload.Key, upload.UploadId, ct), ct);
        }
        catch (ObjectStoreUnavailableException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented })
        {
            // A server that cannot list them has its own rule for how long it keeps them.
        }
    }

    public void Dispose() => _client.Dispose();

    private string Sentence => $"The object store {_settings} does not answer as it should; see that it runs, then try again.";

    private string KeyOf(string name) => _settings.Prefix + name;

    private Task PutWholeAsync(string name, string file, CancellationToken ct) => AskAsync(name, () => _client.PutObjectAsync(
        new PutObjectRequest { BucketName = _settings.Bucket, Key = KeyOf(name), FilePath = file, UseChunkEncoding = false }, ct), ct);

    private async Task PutPartsAsync(string name, string file, long length, CancellationToken ct)
    {
        var partBytes = Math.Max(PartBytes, length / MostParts + 1);
        var upload = await AskAsync(name, () => _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _settings.Bucket, Key = KeyOf(name) }, ct), ct);
        try
        {
            var parts = new List<PartETag>();
            for (var at = 0L; at < length; at += partBytes)
            {
                var (from, number) = (at, parts.Count + 1);
                var part = await AskAsync(name, () => _client.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = _settings.Bucket,
                    Key = KeyOf(name),
                    UploadId = upload.UploadId,
                    PartNumber = number,
                    FilePath = file,
                    FilePosition = from,
                    PartSize = Math.Min(partBytes, length - from),
                    UseChunkEncoding = false,
                }, ct), ct);
                parts.Add(new PartETag(parts.Count + 1, part.ETag));
            }
            await AskAsync(name, () => _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = _settings.Bucket, Key = KeyOf(name), UploadId = upload.UploadId, PartETags = parts }, ct), ct);
        }
        catch
        {
            await AbortAsync(name, upload.UploadId);
            throw;
        }
    }

    private async Task AbortAsync(string name, string upload)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await _client.AbortMultipartUploadAsync(_settings.Bucket, KeyOf(name), upload, soon.Token);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            // the first failure is the one to tell; the sweep gives up what is left
        }
    }

    /// <summary>One request, repeated where its failure may pass. Each is harmless to repeat: names are given once.</summary>
    private async Task<T> AskAsync<T>(string name, Func<Task<T>> ask, CancellationToken ct)
    {
        for (var retry = 0; ; retry++)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (retry < MostRetries && MayPass(e) && !ct.IsCancellationRequested)
            {
                // Half of the pause is by chance, so that those who failed together do not come again together.
                await Task.Delay(_firstPause * (1 << retry) * (0.5 + Random.Shared.NextDouble() / 2), ct);
            }
            catch (Exception e) when (Translate(name, e, ct) is { } translated)
            {
                throw translated;
            }
        }
    }

    private static bool MayPass(Exception e) => e switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => true,
        AmazonServiceException { ErrorCode: "RequestTimeout" or "SlowDown" or "InternalError" or "ServiceUnavailable" } => true,
        AmazonServiceException { StatusCode: not 0 } => false,
        AmazonServiceException or AmazonClientException => e.InnerException is { } inner && MayPass(inner),
        HttpRequestException or TimeoutException or OperationCanceledException => true,
        FileNotFoundException or DirectoryNotFoundException => false,
        IOException => true,
        _ => false,
    };

    private Exception? Translate(string name, Exception e, CancellationToken ct) => e switch
    {
        OperationCanceledException when ct.IsCancellationRequested => null,
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new ObjectStoreUnavailableException($"The bucket {_settings} does not exist; create it, or correct MedGan:Objects.", e),
        AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } => new ObjectDamagedException(name),
        AmazonS3Exception { ErrorCode: "RequestTimeTooSkewed" } => new ObjectStoreUnavailableException($"The clocks of this machine and of the object store {_settings} differ by too much; set them.", e),
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } =>
            new ObjectStoreUnavailableException($"The bucket {_settings} refuses the credentials of MedGan:Objects; correct them, or what they may do.", e),
        AmazonS3Exception { StatusCode: HttpStatusCode.InsufficientStorage } => new StorageFullException(e),
        AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or OperationCanceledException => new ObjectStoreUnavailableException(Sentence, e),
        IOException and not (StorageFullException or ObjectDamagedException or ObjectStoreUnavailableException) => new ObjectStoreUnavailableException(Sentence, e),
        _ => null,
    };
}
