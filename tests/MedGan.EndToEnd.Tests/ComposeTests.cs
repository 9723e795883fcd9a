using MedGan.EndToEnd.Tests.Compose;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// compose/ says what it should, as far as files tell: closed, pinned, healthy services, no secret, and settings that the programs take.
/// Each rule is shown to find what it looks for on a copy that breaks it.
/// </summary>
public sealed class ComposeTests : IDisposable
{
    private static readonly string own = Path.Combine(BuiltProgram.Root, "compose");
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("medgan-compose-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData]
    [InlineData("compose.gpu.yaml")]
    public void Compose_AsItIs_HasNoProblem(params string[] overlays) => Assert.Empty(Problems(ComposeFolder.Read(own, overlays)));

    [Fact]
    public void Overlay_GivesTheWorkerADeviceAndTheOfficialPackages()
    {
        var worker = ComposeFolder.Read(own, "compose.gpu.yaml").Yaml["services"]!["worker"]!;
        Assert.Equal("nuget", worker["build"]!["args"]!["STACK"]!.GetValue<string>());
        Assert.Equal(["gpu"], ComposeFolder.List(Assert.Single(worker["deploy"]!["resources"]!["reservations"]!["devices"]!.AsArray())!["capabilities"]));
        Assert.Equal("10001:10001", worker["user"]!.GetValue<string>());
    }

    [Fact]
    public void Compose_HasTheServersThatMedGanSpeaksTo_OneApiAndTwoWorkers()
    {
        var folder = ComposeFolder.Read(own);
        Assert.Equal(["api", "keycloak", "minio", "orthanc", "postgres", "rabbitmq", "worker"], folder.Services.Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.Equal("2", folder.Yaml["services"]!["worker"]!["deploy"]!["replicas"]!.GetValue<string>());
    }

    /// <summary>The servers that the tests start by hand are Debian's: the images are of the same major version, on the same ports.</summary>
    [Fact]
    public void Servers_AreOfTheMajorVersionsThatTheTestsRun()
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql") && Directory.Exists("/usr/lib/rabbitmq/lib"), "PostgreSQL and RabbitMQ are not installed: ./medgan setup --tests");
        var services = ComposeFolder.Read(own).Yaml["services"]!;
        Assert.StartsWith($"postgres:{Path.GetFileName(Directory.GetDirectories("/usr/lib/postgresql").Order().Last())}.", services["postgres"]!["image"]!.GetValue<string>());
        var rabbit = Directory.GetDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Single().Split('-')[^1];
        Assert.StartsWith($"rabbitmq:{rabbit.Split('.')[0]}.", services["rabbitmq"]!["image"]!.GetValue<string>());
    }

    [Theory]
    // ServiceRules
    [InlineData("compose.yaml", "image: postgres:15.18", "image: postgres:latest", "postgres: its image 'postgres:latest' is not pinned")]
    [InlineData("compose.yaml", "image: rabbitmq:3.13.7", "image: rabbitmq:3", "rabbitmq: its image 'rabbitmq:3' is not pinned")]
    [InlineData("compose.yaml", "test: [CMD, mc, ready, local], ", "", "minio: it has no health check")]
    [InlineData("compose.yaml", "test: [CMD, pg_isready, -q, -h, 127.0.0.1, -U, postgres]", "test: [NONE]", "postgres: it has no health check")]
    [InlineData("compose.yaml", "user: \"999:999\"", "user: \"0:0\"", "postgres: user is not a number other than 0")]
    [InlineData("compose.yaml", "user: \"1000:0\"", "user: root", "keycloak: user is not a number other than 0")]
    [InlineData("compose.yaml", "read_only: true", "read_only: false", "orthanc: its file system can be written")]
    [InlineData("compose.yaml", "cap_drop: [ALL]", "cap_drop: [NET_RAW]", "rabbitmq: it keeps capabilities")]
    [InlineData("compose.yaml", "no-new-privileges:true", "no-new-privileges:false", "api: it may gain privileges")]
    [InlineData("compose.yaml", "hostname: rabbitmq", "privileged: true", "rabbitmq: it has privileged")]
    [InlineData("compose.yaml", "restart: unless-stopped", "restart: \"no\"", "worker: nobody starts it again")]
    [InlineData("compose.yaml", "    stop_grace_period: 2m", "    labels: {}", "worker: it has no time to stop")]
    [InlineData("compose.yaml", "MINIO_ROOT_PASSWORD_FILE: /run/secrets/minio-password", "MINIO_ROOT_PASSWORD: minioadmin", "minio: MINIO_ROOT_PASSWORD is a literal secret")]
    [InlineData("compose.yaml", "KC_DB_URL: jdbc:postgresql://postgres:5432/keycloak", "KC_DB_URL: jdbc:postgresql://keycloak:hunter2@postgres:5432/keycloak", "keycloak: a command or value holds a literal secret")]
    [InlineData("compose.yaml", "'ORTHANC_PASSWORD=$$(cat /run/secrets/orthanc-password);", "'ORTHANC_PASSWORD=orthanc;", "orthanc: a command or value holds a literal secret")]
    [InlineData("compose.yaml", "    networks: [pacs]", "    networks: [pacs]\n    ports: [\"4242:4242\"]", "orthanc: it publishes a port")]
    [InlineData("compose.yaml", "[\"127.0.0.1:${API_PORT", "[\"${API_PORT", "api: its port is not published on 127.0.0.1 alone")]
    [InlineData("compose.yaml", "    networks: [identity]", "    networks: [identity, edge]", "keycloak: it is on the network edge")]
    [InlineData("compose.yaml", "stores: { internal: true }", "stores: {}", "the network stores leads outside")]
    [InlineData("compose.yaml", "    networks: [stores, identity]", "    networks: [stores]", "keycloak: it cannot reach postgres")]
    [InlineData("compose.yaml", "    networks: [edge, identity, stores, pacs]", "    networks: [edge, identity, stores]", "api: it cannot reach orthanc")]
    [InlineData("compose.yaml", "rabbitmq: { condition: service_healthy }", "rabbitmq: { condition: service_started }", "worker: it does not wait for rabbitmq to be healthy")]
    [InlineData("compose.yaml", "rabbitmq: { condition: service_healthy }", "rabbit: { condition: service_healthy }", "worker: it waits for rabbit, which is not there")]
    // FileRules
    [InlineData("compose.yaml", "\"objects:/objects\"", "\"object:/objects\"", "minio: the volume object is not declared")]
    [InlineData("compose.yaml", "databases.sh:ro", "databases.sh", "postgres: it can write ./postgres/databases.sh")]
    [InlineData("compose.yaml", "./postgres/databases.sh:", "./postgres/database.sh:", "postgres: it mounts ./postgres/database.sh, which is not there")]
    [InlineData("compose.yaml", "\"keys:/data/keys\"", "\"data:/data/keys\"", "api: it does not share the keys")]
    [InlineData("compose.yaml", "${API_PORT:?set it in .env}", "${PORT:?set it in .env}", "PORT is not in .env.example")]
    [InlineData("compose.yaml", "${API_PORT:?set it in .env}", "${API_PORT:-8480}", "${API_PORT:-8480} starts without being set")]
    [InlineData(".env.example", "BUS_PROJECTS=", "BUS_PROJECTS=\nDB_PASSWORD=postgres", "DB_PASSWORD of .env.example has a value")]
    [InlineData(".env.example", "BUS_PROJECTS=", "BUS_PROJECTS=\nSPARE=1", "SPARE of .env.example is used nowhere")]
    [InlineData("compose.yaml", "file: ./secrets/database", "file: ./database", "the secret database is not a file of secrets/")]
    [InlineData("compose.yaml", "secrets: [minio-password]", "secrets: []", "minio: it reads the secret minio-password, which it is not given")]
    [InlineData("compose.yaml", "  database: { file: ./secrets/database }", "  database: { file: ./secrets/database }\n  more: { file: ./secrets/more }", "secrets.sh does not make more")]
    [InlineData(".gitignore", "secrets/\n", "", "git does not ignore .env and secrets/")]
    // SettingRules
    [InlineData("compose.yaml", "MedGan__Bus__Host:", "MedGan__Bus__Hostname:", "worker: MedGan:Bus:Hostname is read by nobody")]
    [InlineData("compose.yaml", "MedGan__Auth__Audience:", "MedGan__Auth__Audiences:", "api: MedGan:Auth:Audiences is read by nobody")]
    [InlineData("compose.yaml", "MedGan__Objects__SecretKeyFile:", "MedGan__Objects__SecretFile:", "api: MedGan:Objects:AccessKey and MedGan:Objects:SecretKey (or SecretKeyFile) must be given together")]
    [InlineData("compose.yaml", "MedGan__Queue__CpuSlots: \"2\"", "MedGan__Queue__CpuSlots: two", "worker: MedGan:Queue:CpuSlots must be a number")]
    [InlineData("compose.yaml", "MedGan__Auth__Authority: https:", "MedGan__Auth__Authority: http:", "api: The configuration is not valid: MedGan:Auth:Authority must be an https address")]
    [InlineData("compose.yaml", "  MedGan__Pacs__orthanc__AllowHttp: \"true\"", "  MedGan__Pacs__orthanc__AllowHttp: \"false\"", "worker: MedGan:Pacs:orthanc:Url is not https")]
    [InlineData("compose.yaml", "MedGan__Bus__PasswordFile: /run/secrets/rabbitmq-password", "MedGan__Bus__PasswordFile: /run/secrets/rabbit", "worker: MedGan:Bus:PasswordFile names")]
    [InlineData("compose.yaml", "      MedGan__Auth__Audience: medgan", "      MedGan__Bus__Host: rabbitmq", "api: MedGan:Bus:Host is read by nobody")]
    [InlineData("compose.yaml", "      MedGan__Bus__User: medgan", "      MedGan__Objects__Bucket: other", "api and worker do not keep and fetch in the same places")]
    [InlineData("compose.yaml", "      KC_DB_USERNAME: keycloak", "      MedGan__Log__Format: json", "keycloak: it is not MedGan, and has its settings")]
    [InlineData(".env.example", "CONCURRENT_UPLOADS=4", "CONCURRENT_UPLOADS=many", "api: The configuration section MedGan holds a value of the wrong kind")]
    // RealmRules
    [InlineData("keycloak/medgan-realm.json", "\"name\": \"privacy-officer\"", "\"name\": \"officer\"", "the realm's roles are")]
    [InlineData("keycloak/medgan-realm.json", "\"included.custom.audience\": \"medgan\"", "\"included.custom.audience\": \"account\"", "medgan: its tokens are not for the audience medgan")]
    [InlineData("keycloak/medgan-realm.json", "\"claim.name\": \"role\"", "\"claim.name\": \"roles\"", "medgan: its tokens have no claim role of roles")]
    [InlineData("keycloak/medgan-realm.json", "\"full.path\": \"true\"", "\"full.path\": \"false\"", "medgan: its tokens have no claim project of group names")]
    [InlineData("compose.yaml", "MedGan__Auth__ProjectClaim: project", "MedGan__Auth__ProjectClaim: projects", "medgan: its tokens have no claim projects of group names")]
    [InlineData("keycloak/medgan-realm.json", "\"${MEDGAN_PACS_SECRET}\"", "\"letmein\"", "medgan-pacs: its secret is not the file medgan-pacs-secret")]
    [InlineData("keycloak/medgan-realm.json", "\"directAccessGrantsEnabled\": false", "\"directAccessGrantsEnabled\": true", "medgan: it may take people's passwords")]
    [InlineData("keycloak/medgan-realm.json", "\"S256\"", "\"plain\"", "medgan: it works without PKCE")]
    [InlineData("keycloak/medgan-realm.json", "\"realmRoles\": [\"steward\"]", "\"realmRoles\": [\"owner\"]", "service-account-medgan-pacs has the role owner, which is not there")]
    [InlineData("keycloak/medgan-realm.json", "\"username\": \"service-account-medgan-pacs\"", "\"username\": \"pacs\"", "medgan-pacs: it has no service account")]
    [InlineData("keycloak/medgan-realm.json", "{\"name\": \"demo\"}", "{\"name\": \"Demo Project\"}", "the group /projects/Demo Project is no project")]
    [InlineData("keycloak/medgan-realm.json", "\"groups\": [\"/projects/demo\"]", "\"groups\": [\"/demo\"]", "service-account-medgan-pacs is in the group /demo, which is not there")]
    [InlineData("compose.yaml", "MedGan__Auth__ProjectPrefix: /projects/", "MedGan__Auth__ProjectPrefix: /medgan/", "the group /projects/demo is no project")]
    [InlineData("compose.yaml", "https://keycloak:8443/realms/medgan", "https://keycloak:8443/realms/master", "the API trusts https://keycloak:8443/realms/master, not the realm medgan")]
    [InlineData("compose.yaml", "https://keycloak:8443/realms/medgan", "https://sso:8443/realms/medgan", "Keycloak's certificate is not for the host of the API's authority")]
    [InlineData("compose.yaml", "SSL_CERT_FILE: /run/secrets/keycloak.crt", "TZ: UTC", "the API does not trust Keycloak's certificate")]
    // DockerfileRules
    [InlineData("Dockerfile", "FROM debian:12.11-slim AS base", "FROM debian:latest AS base", "Dockerfile: debian:latest is neither a stage nor a pinned image")]
    [InlineData("Dockerfile", "FROM base AS worker-nuget", "FROM base AS worker-official", "Dockerfile: worker-nuget is neither a stage nor a pinned image")]
    [InlineData("Dockerfile", "COPY src src", "COPY sources sources", "Dockerfile: it copies sources, which is not there")]
    [InlineData("Dockerfile", "COPY src src", "COPY docs docs", "Dockerfile: it copies docs, which is ignored")]
    [InlineData("Dockerfile", "libtorch1.13 libopenblas0-openmp", "libtorch1.13", "Dockerfile: the stage worker-system installs 'libtorch1.13', not 'libopenblas0-openmp libtorch1.13'")]
    [InlineData("Dockerfile", "libtorch-dev libdnnl-dev libgloo-dev g++", "libtorch-dev libdnnl-dev libgloo-dev g++ git", "Dockerfile: the stage tools-system installs")]
    [InlineData("Dockerfile", "src/MedGan.Jobs/MedGan.Jobs.csproj", "src/MedGan.Worker/MedGan.Worker.csproj", "Dockerfile: it publishes src/MedGan.Worker/MedGan.Worker.csproj")]
    [InlineData("Dockerfile", "-o 10001 -g 10001 -m 700 /data /data/keys", "-o 10002 -g 10002 -m 700 /data /data/keys", "worker: the folder /data is not its own")]
    [InlineData("Dockerfile", "USER 10002:10002", "USER 10009:10009", "orthanc: its image is made for the user 10009:10009")]
    [InlineData("compose.yaml", "target: worker,", "target: jobs,", "worker: the Dockerfile has no stage jobs")]
    [InlineData("compose.yaml", "image: medgan-api:0.1.0", "image: medgan-api:0.0.9", "api: its image is not of the version")]
    [InlineData("compose.yaml", "STACK: system", "STACK: cuda", "worker: there is no such STACK")]
    public void Compose_Broken_IsFound(string file, string text, string broken, string problem)
    {
        var copy = Copy();
        var path = Path.Combine(copy, file);
        var before = File.ReadAllText(path);
        var at = before.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} does not hold '{text}'");
        File.WriteAllText(path, before[..at] + broken + before[(at + text.Length)..]);

        Assert.Contains(Problems(ComposeFolder.Read(copy)), found => found.Contains(problem, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Problems(ComposeFolder folder) =>
        [.. ServiceRules.Problems(folder).Concat(FileRules.Problems(folder)).Concat(SettingRules.Problems(folder)).Concat(RealmRules.Problems(folder)).Concat(DockerfileRules.Problems(folder))];

    private string Copy()
    {
        var copy = Path.Combine(_root.FullName, "compose");
        foreach (var file in Directory.GetFiles(own, "*", SearchOption.AllDirectories).Where(f => !f.Contains("/secrets/", StringComparison.Ordinal)))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(own, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }
}
