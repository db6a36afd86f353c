using Google.Protobuf;

namespace Dpvr.Monitoring.Tests.Traces;

/// <summary>A span as it was sent; ids in hex.</summary>
internal sealed record Span(string Trace, string Id, string Parent, string Name)
{
    // trace_id = 1, span_id = 2, parent_span_id = 4, name = 5.
    public static Span Read(byte[] message)
    {
        var (trace, id, parent, name) = ("", "", "", "");
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: trace = Convert.ToHexString(input.ReadBytes().Span); break;
                case 2: id = Convert.ToHexString(input.ReadBytes().Span); break;
                case 4: parent = Convert.ToHexString(input.ReadBytes().Span); break;
                case 5: name = input.ReadString(); break;
                default: input.SkipLastField(); break;
            }
        }
        return new Span(trace, id, parent, name);
    }
}
