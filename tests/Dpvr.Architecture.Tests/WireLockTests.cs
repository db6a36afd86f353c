using System.Reflection;

namespace Dpvr.Architecture.Tests;

/// <summary>
/// What goes over the wire between processes of different versions: grain methods and serialised members, by alias and id. A change shows here. If it is meant (a new
/// member with a new id; never a retired id again, never another type), run the test with <c>DPVR_UPDATE_WIRE_LOCK=1</c> and commit the file.
/// </summary>
public sealed class WireLockTests
{
    private const string LockFile = "tests/Dpvr.Architecture.Tests/wire.lock";

    [Fact]
    public void Contracts_Always_MatchTheLockFile()
    {
        var now = string.Join('\n', Lines()) + "\n";
        if (Environment.GetEnvironmentVariable("DPVR_UPDATE_WIRE_LOCK") == "1") File.WriteAllText(Path.Combine(Repository.Root, LockFile), now);

        Repository.Read(LockFile).Should().Be(now, $"the wire format changed; if that is meant, run this test with DPVR_UPDATE_WIRE_LOCK=1 and commit {LockFile}");
    }

    [Fact]
    public void SerialisedTypes_Always_HaveAnAlias() =>
        Types().Where(static t => Has(t, "GenerateSerializerAttribute") && Alias(t) is null).Should().BeEmpty();

    [Fact]
    public void GrainMethods_Always_HaveAnAlias() =>
        Types().Where(static t => t.IsInterface).SelectMany(static t => t.GetMethods()).Where(static m => Alias(m) is null).Should().BeEmpty();

    private static IEnumerable<Type> Types() => Assembly.Load("Dpvr.Contracts").GetTypes().Where(static t => t.Namespace?.StartsWith("Dpvr.", StringComparison.Ordinal) == true && (t.IsInterface || Has(t, "GenerateSerializerAttribute") || t is { IsEnum: true, IsPublic: true }));

    private static IEnumerable<string> Lines()
    {
        foreach (var type in Types().OrderBy(static t => Alias(t) ?? t.FullName, StringComparer.Ordinal))
        {
            yield return $"{(type.IsInterface ? "grain" : type.IsEnum ? "enum" : "record")} {Alias(type) ?? type.FullName}";
            if (type.IsEnum)
                foreach (var name in Enum.GetNames(type)) yield return $"  {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)} {name}";
            else if (type.IsInterface)
                foreach (var method in type.GetMethods().OrderBy(static m => Alias(m) ?? m.Name, StringComparer.Ordinal))
                    yield return $"  {Alias(method)}({string.Join(", ", method.GetParameters().Select(static p => NameOf(p.ParameterType)))}) -> {NameOf(method.ReturnType)}";
            else
                foreach (var (id, member, its) in Members(type)) yield return $"  {id} {member} {NameOf(its)}";
        }
    }

    private static IEnumerable<(uint Id, string Name, Type Type)> Members(Type type) =>
        from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let id = member.GetCustomAttributesData().FirstOrDefault(static a => a.AttributeType.Name == "IdAttribute")
        where id is not null
        let number = Convert.ToUInt32(id.ConstructorArguments[0].Value, System.Globalization.CultureInfo.InvariantCulture)
        orderby number
        select (number, member.Name, member is PropertyInfo p ? p.PropertyType : ((FieldInfo)member).FieldType);

    private static bool Has(MemberInfo member, string attribute) => member.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute);

    private static string? Alias(MemberInfo member) => member.GetCustomAttributesData().FirstOrDefault(static a => a.AttributeType.Name == "AliasAttribute")?.ConstructorArguments[0].Value as string;

    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : Alias(type) ?? type.Name;
}
