using Npgsql;

namespace Dpvr.Hosting.Cluster;

/// <summary>Makes Orleans' membership tables where they are missing. Any number of hosts may try at once: an advisory lock lets one do it.</summary>
internal static class PostgresSchema
{
    private const long Lock = 0x64707672; // "dpvr"
    private static readonly string[] s_scripts = ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql"];

    public static async Task CreateAsync(string connection, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var session = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(session, $"select pg_advisory_xact_lock({Lock})", cancellationToken);
        await using (var look = new NpgsqlCommand("select to_regclass('orleansmembershiptable') is not null", session))
            if ((bool)(await look.ExecuteScalarAsync(cancellationToken))!)
                return;
        foreach (var script in s_scripts) await ExecuteAsync(session, await ReadAsync(script, cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> ReadAsync(string script, CancellationToken cancellationToken)
    {
        await using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream($"{typeof(PostgresSchema).Namespace}.Postgres.{script}")
            ?? throw new InvalidOperationException($"The script {script} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
