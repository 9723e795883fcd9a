using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MedGan.Phantoms;
using MedGan.Testing;
using Npgsql;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// Beside SecretsTests, where servers are away: here each is there and refuses what it is given - a database that asks for a password that has
/// changed, a bucket, a broker - and a job finds its objects gone. Afterwards none of the secrets, tokens and keys is in the console output, the log files, an answer, or any row of any table: jobs, outbox and scheduler included.
/// </summary>
public sealed class RefusedSecretsTests : IAsyncLifetime
{
    private const string Project = "open-project";

    private readonly Dictionary<string, string> secrets = new()
    {
        ["the database password"] = Secret(), ["the changed database password"] = Secret(), ["the wrong access key"] = Secret(), ["the wrong bucket secret"] = Secret(), ["the broker password"] = Secret(),
        ["the bucket secret"] = S3Server.Key,
    };

    private readonly TinyWork scans = new();
    private readonly StringBuilder answers = new();
    private readonly Dictionary<string, string> settings = [];
    private PostgresServer postgres = null!;
    private RabbitServer rabbit = null!;
    private S3Server bucket = null!;
    private RunningCluster cluster = null!;
    private string database = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!S3Server.Exists) return;
        (postgres, rabbit, bucket) = (await PostgresServer.CreateAsync(), await RabbitServer.CreateAsync(Ct), await S3Server.StartAsync(Ct));
        database = await postgres.CreateDatabaseAsync();
        await AskForPasswordsAsync();
        settings["MedGan__Database"] = $"{database};Password={secrets["the database password"]}";
        settings["MedGan__Objects__ServiceUrl"] = bucket.Url.ToString().TrimEnd('/');
        settings["MedGan__Objects__Bucket"] = S3Server.Bucket;
        settings["MedGan__Objects__AccessKey"] = S3Server.Key;
        settings["MedGan__Objects__SecretKey"] = S3Server.Key;
        foreach (var (name, value) in rabbit.Settings) settings[name] = value;
        settings["MedGan__Bus__Password"] = secrets["the broker password"]; // not the one that the broker knows
        settings["Logging__LogLevel__Default"] = "Debug";
        settings["Logging__LogLevel__Microsoft"] = "Debug";
        cluster = await RunningCluster.StartAsync(apis: 1, workers: 1, settings, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        if (bucket is not null) await bucket.DisposeAsync();
        if (rabbit is not null) await rabbit.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Failures_OfEveryKind_TellNoSecret()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        var token = secrets["the bearer token"] = await cluster.TokenAsync("steward", Project, Ct);
        foreach (var key in Directory.EnumerateFiles(Path.Combine(cluster.DataFolder, "keys"))) await AddKeyAsync(key);

        await DamagedSeriesAsync(token);
        await ForgedTokenAsync(token);
        await bucket.StopAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await UploadAsync(token, patient: 2));
        await ChangedDatabasePasswordAsync(token);
        await RefusedBucketAsync();

        await NothingIsFoundAsync();
    }

    /// <summary>One job ends well, another's object is taken away before the worker comes to it; the broker refuses the worker all the while.</summary>
    private async Task DamagedSeriesAsync(string token)
    {
        Assert.Equal(HttpStatusCode.OK, await UploadAsync(token, patient: 3));
        await UntilAsync(async () => await CountAsync("""SELECT count(*) FROM "Jobs" WHERE "State" = 'Succeeded'""") == 1);
        Assert.True(await CountAsync("""SELECT count(*) FROM "Outbox" WHERE "PublishedAt" IS NULL""") > 0, "no event waits: did the broker take the wrong password?");
        await cluster.KillWorkerAsync(0);
        Assert.Equal(HttpStatusCode.OK, await UploadAsync(token, patient: 1));
        foreach (var file in Directory.GetFiles(bucket.Folder, "*_object", SearchOption.AllDirectories)) File.Delete(file);
        cluster.StartWorker(0);
        await UntilAsync(async () => await CountAsync("""SELECT count(*) FROM "Series" WHERE "State" = 'Rejected'""") == 1);
    }

    private async Task ForgedTokenAsync(string token)
    {
        secrets["the forged token"] = token[..^6] + "AAAAAA";
        Assert.Equal(HttpStatusCode.Unauthorized, await UploadAsync(secrets["the forged token"], patient: 1));
    }

    private async Task ChangedDatabasePasswordAsync(string token)
    {
        await ExecuteAsync(secrets["the database password"], $"ALTER ROLE medgan PASSWORD '{secrets["the changed database password"]}'");
        await ExecuteAsync(secrets["the changed database password"], "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'MedGan'");
        Assert.InRange((int)await AskAsync(token), 500, 503);
        await cluster.KillApiAsync(0);
        Assert.Contains("database", (await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.StartApiAsync(0, Ct))).Message, StringComparison.Ordinal);
        settings["MedGan__Database"] = $"{database};Password={secrets["the changed database password"]}";
    }

    private async Task RefusedBucketAsync()
    {
        await using var again = await S3Server.StartAsync(Ct);
        settings["MedGan__Objects__ServiceUrl"] = again.Url.ToString().TrimEnd('/');
        settings["MedGan__Objects__AccessKey"] = secrets["the wrong access key"]; // s3rver knows the key or refuses it, and looks at no signature of version 4
        settings["MedGan__Objects__SecretKey"] = secrets["the wrong bucket secret"];
        Assert.Contains("refuses the credentials", (await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.StartApiAsync(0, Ct))).Message, StringComparison.Ordinal);
    }

    private async Task NothingIsFoundAsync()
    {
        await cluster.KillWorkerAsync(0); // its log is whole
        var places = new Dictionary<string, string> { ["an answer"] = answers.ToString() };
        foreach (var file in Directory.EnumerateFiles(cluster.Folder, "*.out").Concat(Directory.EnumerateFiles(Path.Combine(cluster.DataFolder, "logs"), "*.log")))
            places[file] = await File.ReadAllTextAsync(file, Ct);
        await using (var db = await OpenAsync(secrets["the changed database password"]))
        {
            foreach (var table in await Database.RowsAsync(db, "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"))
                places[table] = string.Join('\n', await Database.RowsAsync(db, $"SELECT t::text FROM {table} t"));
        }
        Assert.Contains(places, place => place.Key.Contains("qrtz", StringComparison.OrdinalIgnoreCase) && place.Value.Length > 0);
        Assert.Contains(places, place => place.Key.Contains("Outbox", StringComparison.Ordinal) && place.Value.Contains(Project, StringComparison.Ordinal));
        Assert.Contains(places, place => place.Key.EndsWith("worker-0.out", StringComparison.Ordinal) && place.Value.Length > 0);
        Assert.Contains(places, place => place.Key == "an answer" && place.Value.Contains("application/problem+json", StringComparison.Ordinal));
        foreach (var (place, content) in places)
        {
            foreach (var (name, secret) in secrets)
            {
                foreach (var form in new[] { secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Convert.ToHexString(Encoding.UTF8.GetBytes(secret)) })
                    Assert.False(content.Contains(form, StringComparison.OrdinalIgnoreCase), $"{name} is in {place}");
            }
        }
    }

    /// <summary>A key of the service: its file as text, or, where it is bytes, in the forms that a log might give it.</summary>
    private async Task AddKeyAsync(string file)
    {
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        if (bytes.Length < 16) return;
        secrets[$"{Path.GetFileName(file)} in base64"] = Convert.ToBase64String(bytes);
        secrets[$"{Path.GetFileName(file)} in hexadecimal"] = Convert.ToHexString(bytes);
    }

    private async Task<HttpStatusCode> UploadAsync(string token, int patient)
    {
        using var content = TinyWork.Stow(scans.Series(PhantomModality.Ct, patient));
        return await SendAsync(token, new HttpRequestMessage(HttpMethod.Post, $"/projects/{Project}/cohorts/ct/dicomweb/studies") { Content = content });
    }

    private Task<HttpStatusCode> AskAsync(string token) => SendAsync(token, new HttpRequestMessage(HttpMethod.Get, $"/projects/{Project}/jobs"));

    private async Task<HttpStatusCode> SendAsync(string token, HttpRequestMessage request)
    {
        using var client = new HttpClient { BaseAddress = cluster.Url(0), Timeout = TimeSpan.FromMinutes(2) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using (request)
        using (var answer = await client.SendAsync(request, Ct))
        {
            answers.AppendLine(answer.ToString()).AppendLine(await answer.Content.ReadAsStringAsync(Ct));
            return answer.StatusCode;
        }
    }

    /// <summary>The server trusts whoever comes until now; its owner can write the rules anew.</summary>
    private async Task AskForPasswordsAsync()
    {
        await ExecuteAsync("", $"ALTER ROLE medgan PASSWORD '{secrets["the database password"]}'");
        await using var db = await OpenAsync("");
        var rules = Assert.Single(await Database.RowsAsync(db, "SHOW hba_file"));
        await ExecuteAsync("", $"COPY (SELECT 'host all all 127.0.0.1/32 scram-sha-256') TO '{rules}'");
        await ExecuteAsync("", "SELECT pg_reload_conf()");
        await UntilAsync(async () =>
        {
            try
            {
                await using var refused = await OpenAsync("wrong");
                return false;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                return true;
            }
        });
    }

    private async Task<long> CountAsync(string query)
    {
        await using var db = await OpenAsync(secrets["the database password"]);
        await using var command = new NpgsqlCommand(query, db);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    private async Task ExecuteAsync(string password, string sql)
    {
        await using var db = await OpenAsync(password);
        await using var command = new NpgsqlCommand(sql, db);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private Task<NpgsqlConnection> OpenAsync(string password) => Database.OpenAsync(password.Length > 0 ? $"{database};Password={password}" : database);

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await holds(); await Task.Delay(200, Ct))
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2), $"not within two minutes\n{cluster?.Console()}");
    }

    private static string Secret() => "s3cr3t" + Guid.NewGuid().ToString("N");
}
