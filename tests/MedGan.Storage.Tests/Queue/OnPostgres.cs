namespace MedGan.Storage.Tests.Queue;

public sealed class LeaseOnPostgresTests(SharedPostgres server) : LeaseTests(server.NewDatabaseAsync);

public sealed class OrderOnPostgresTests(SharedPostgres server) : OrderTests(server.NewDatabaseAsync);

public sealed class WorkerOnPostgresTests(SharedPostgres server) : WorkerTests(server.NewDatabaseAsync);

public sealed class CrashOnPostgresTests(SharedPostgres server) : CrashTests(server.NewDatabaseAsync);
