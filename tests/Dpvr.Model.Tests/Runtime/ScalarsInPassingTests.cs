using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Dpvr.Model.Tests.Runtime;

/// <summary>
/// A number that meets a tensor in passing may be freed while libtorch reads it (see Scalars), which no test of results finds reliably:
/// so the compiled code is searched for the calls that make one.
/// </summary>
public sealed class ScalarsInPassingTests
{
    private static readonly HashSet<string> Always = ["op_Addition", "square", "square_", "arange", "full", "vector_norm", "op_Modulus"];
    private static readonly HashSet<string> WithANumber = ["op_Multiply", "op_Division", "op_Subtraction"];

    /// <summary>Who may turn a number into a Scalar: each keeps it in a field or a using.</summary>
    private static readonly HashSet<string> Keepers = ["Scalars", "Activation", "RmsNorm", "AttentionProbe", "Trainer", "PatchSupervision", "TensorArithmetic", "ByteWeight"];

    [Fact]
    public void Model_NeverMakesAScalarInPassing()
    {
        using var file = new PEReader(File.OpenRead(typeof(LlavaModel).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var suspects = metadata.MemberReferences.Where(m => MakesAScalar(metadata, metadata.GetMemberReference(m)))
            .ToDictionary(m => MetadataTokens.GetToken(m), m => metadata.GetString(metadata.GetMemberReference(m).Name));
        suspects.Values.Should().Contain("op_Implicit", because: "the keepers make them, so the search is known to find what it searches for");

        var found = new List<string>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            var type = Outermost(metadata, method.GetDeclaringType());
            var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            for (var i = 0; i + 5 <= code.Length; i++)
                if (code[i] is 0x28 or 0x6F && suspects.TryGetValue(BitConverter.ToInt32(code, i + 1), out var name) && !(name is "op_Implicit" or "ToScalar" && Keepers.Contains(type)))
                    found.Add($"{type}.{metadata.GetString(method.Name)} calls {name}");
        }
        string.Join("; ", found).Should().BeEmpty();
    }

    private static bool MakesAScalar(MetadataReader metadata, MemberReference member)
    {
        var name = metadata.GetString(member.Name);
        if (Owner(metadata, member) is not ("Tensor" or "torch" or "linalg" or "Scalar" or "ScalarExtensionMethods") || member.GetKind() != MemberReferenceKind.Method) return false;
        var parameters = member.DecodeMethodSignature(new TypeNames(), null).ParameterTypes;
        return name switch
        {
            "op_Implicit" or "ToScalar" => Owner(metadata, member) is "Scalar" or "ScalarExtensionMethods",
            "add" or "add_" => parameters.Length == 1,
            _ when Always.Contains(name) => true,
            _ => WithANumber.Contains(name) && parameters.Any(p => p is "Int32" or "Int64" or "Single" or "Double"),
        };
    }

    private static string? Owner(MetadataReader metadata, MemberReference member) =>
        member.Parent.Kind == HandleKind.TypeReference ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) : null;

    private static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Name);
    }

    /// <summary>Names of the primitive types in a signature; the rest does not matter here.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetArrayType(string elementType, ArrayShape shape) => "";

        public string GetByReferenceType(string elementType) => "";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, System.Collections.Immutable.ImmutableArray<string> typeArguments) => "";

        public string GetGenericMethodParameter(object? genericContext, int index) => "";

        public string GetGenericTypeParameter(object? genericContext, int index) => "";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => "";

        public string GetPinnedType(string elementType) => "";

        public string GetPointerType(string elementType) => "";

        public string GetSZArrayType(string elementType) => "";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => "";

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => "";

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => "";
    }
}
