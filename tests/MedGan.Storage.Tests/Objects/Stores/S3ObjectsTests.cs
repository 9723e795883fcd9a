using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using MedGan.Testing;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage.Tests.Objects.Stores;

/// <summary>The same contract against a real S3 server, and what happens when it or the way to it fails.</summary>
public sealed class S3ObjectsTests : ObjectStoreContract
{
    private S3Server? _server;
    private FaultyProxy? _proxy;
    private S3Objects? _store;

    private protected override IObjectStore Store => _store!;

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        _server = await S3Server.StartAsync(Ct);
        _proxy = await FaultyProxy.StartAsync(_server.Url, Ct);
        _store = new S3Objects(Settings(_proxy.Url), TimeSpan.FromMilliseconds(5));
    }

    public override async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        if (_proxy is not null) await _proxy.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Put_ServerFailsNowAndThen_IsRepeatedUntilItIsStored()
    {
        var failures = 0;
        // Every part but the last fails once with 500 and once with 503.
        var met = new Dictionary<string, int>();
        _proxy!.Decide = request =>
        {
            lock (met)
            {
                var times = met[request.Method + request.QueryString] = met.GetValueOrDefault(request.Method + request.QueryString) + 1;
                if (times > 2) return null;
                failures++;
                return new Fault(Status: times == 1 ? 500 : 503);
            }
        };
        var (content, file) = File_(S3Objects.PartBytes + 100);
        await Store.PutAsync("w/ab/one", file, Ct);
        AssertSame(content, await ReadAsync("w/ab/one"));
        Assert.True(failures >= 8, $"only {failures} requests failed");
    }

    [Fact]
    public async Task Read_ConnectionBreaksInTheMiddleAgainAndAgain_GoesOnWhereItBroke()
    {
        var (content, file) = File_(1_000_000);
        await Store.PutAsync("w/ab/one", file, Ct);
        var breaks = 0;
        _proxy!.Decide = request => request.Method == "GET" && breaks++ < 4 ? new Fault(BreakAfter: 100_000) : null;
        AssertSame(content, await ReadAsync("w/ab/one"));
        Assert.Equal(5, _proxy.Requests.Count(r => r.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Put_ServerAlwaysFails_IsOnePlainSentence_TheFileStays_AndNoPartIsLeft()
    {
        _proxy!.Decide = request => request.Method == "PUT" && request.QueryString.Value!.Contains("partNumber=2", StringComparison.Ordinal) ? new Fault(Status: 500) : null;
        var (_, file) = File_(S3Objects.PartBytes + 100);
        var e = await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Store.PutAsync("w/ab/one", file, Ct));
        Assert.Contains("does not answer as it should", e.Message);
        Assert.True(File.Exists(file));
        Assert.Contains(_proxy.Requests, r => r.StartsWith("DELETE /medgan-test/site/w/ab/one?uploadId=", StringComparison.Ordinal));
        Assert.Empty(await Store.ListAsync("", Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task AnyRequest_NobodyListens_IsOnePlainSentence()
    {
        using var store = new S3Objects(Settings(_proxy!.Url), TimeSpan.FromMilliseconds(5));
        await _proxy.DisposeAsync();
        var e = await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.OpenAsync("w/ab/one", 0, Ct));
        Assert.DoesNotContain(S3Server.Key, e.Message);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync("w/ab/one", File_(10).Path, Ct));
    }

    [Fact]
    public async Task Put_ServerHasNoRoom_IsAFullDisk()
    {
        _proxy!.Decide = _ => new Fault(Status: 507);
        await Assert.ThrowsAsync<StorageFullException>(() => Store.PutAsync("w/ab/one", File_(10).Path, Ct));
    }

    [Fact]
    public async Task WrongCredentialsOrBucket_SayWhatToCorrect()
    {
        using var stranger = new S3Objects(Settings(_server!.Url) with { AccessKey = "stranger" });
        var refused = await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => stranger.PutAsync("w/ab/one", File_(10).Path, Ct));
        Assert.Contains("refuses the credentials", refused.Message);
        using var nowhere = new S3Objects(Settings(_server.Url) with { Bucket = "no-such-bucket" });
        var missing = await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => nowhere.PutAsync("w/ab/one", File_(10).Path, Ct));
        Assert.Contains("does not exist", missing.Message);
    }

    /// <summary>s3rver cannot list unfinished uploads, so the proxy does, in the words of the S3 reference.</summary>
    [Fact]
    public async Task AbortUnfinished_UploadsOfAProcessThatDied_AreGivenUp()
    {
        _proxy!.Decide = request => (request.Method, request.Query.ContainsKey("uploads"), request.Query.ContainsKey("uploadId")) switch
        {
            ("GET", true, _) => new Fault(Status: 200, Body: """
                <?xml version="1.0" encoding="UTF-8"?>
                <ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>medgan-test</Bucket><IsTruncated>false</IsTruncated>
                <Upload><Key>site/w/ab/one</Key><UploadId>u1</UploadId></Upload><Upload><Key>site/w/cd/two</Key><UploadId>u2</UploadId></Upload></ListMultipartUploadsResult>
                """),
            ("DELETE", _, true) => new Fault(Status: 204),
            _ => null,
        };
        await Store.AbortUnfinishedAsync("w/", Ct);
        Assert.Contains(_proxy.Requests, r => r.Contains("prefix=site%2Fw%2F", StringComparison.Ordinal));
        Assert.Contains("DELETE /medgan-test/site/w/ab/one?uploadId=u1", _proxy.Requests);
        Assert.Contains("DELETE /medgan-test/site/w/cd/two?uploadId=u2", _proxy.Requests);
    }

    private static S3Settings Settings(Uri url) => new()
    {
        ServiceUrl = url.ToString().TrimEnd('/'),
        Bucket = S3Server.Bucket,
        Prefix = "site/",
        AccessKey = S3Server.Key,
        SecretKey = S3Server.Key,
    };
}

public sealed class S3SettingsTests
{
    [Fact]
    public void Read_Nothing_IsTheDataFolder() => Assert.Null(Read());

    [Fact]
    public void Read_ShortForm_IsServerBucketAndPrefix()
    {
        var s3 = Read(("MedGan:Objects", "https://s3.example.org:9000/medgan/site/a"), ("MedGan:Objects:AccessKey", "k"), ("MedGan:Objects:SecretKey", "s"))!;
        Assert.Equal(("https://s3.example.org:9000", "medgan", "site/a/", "us-east-1"), (s3.ServiceUrl, s3.Bucket, s3.Prefix, s3.Region));
        Assert.DoesNotContain("k at", s3.ToString());
    }

    [Fact]
    public void Read_Section_TakesTheSecretFromItsFile()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "hidden\n");
            var s3 = Read(("MedGan:Objects:Bucket", "medgan"), ("MedGan:Objects:Region", "eu-central-1"), ("MedGan:Objects:AccessKey", "k"), ("MedGan:Objects:SecretKeyFile", file))!;
            Assert.Equal((null, "medgan", "", "eu-central-1", "hidden"), (s3.ServiceUrl, s3.Bucket, s3.Prefix, s3.Region, s3.SecretKey));
            Assert.DoesNotContain("hidden", s3.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Read_SeveralErrors_TellsThemAll()
    {
        var e = Assert.Throws<InvalidSettingException>(() => Read(("MedGan:Objects:ServiceUrl", "s3.example.org"), ("MedGan:Objects:Bucket", "No Bucket"), ("MedGan:Objects:AccessKey", "k")));
        foreach (var part in new[] { "ServiceUrl must look like", "Bucket must be", "must be given together" }) Assert.Contains(part, e.Message);
        Assert.Throws<InvalidSettingException>(() => Read(("MedGan:Objects", "somewhere")));
        Assert.Contains("Bucket is missing", Assert.Throws<InvalidSettingException>(() => Read(("MedGan:Objects:Region", "eu-central-1"))).Message);
    }

    private static S3Settings? Read(params (string Key, string Value)[] settings) =>
        StorageOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build(), "/tmp/none").S3;
}
