using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>What the lines of a batch file have in common.</summary>
internal sealed class BatchTally(int newTokens)
{
    private readonly HashSet<UInt128> _ids = []; // 32 bytes a line, however long its id is
    private readonly List<OpenAiError> _errors = [];
    private string? _model;
    private long _rows;
    private int _bytes, _tokens = newTokens;

    public long ErrorCount { get; private set; }

    /// <summary>Why a line does not go with those before it; null when it does.</summary>
    public OpenAiError? Refuse(BatchLine line)
    {
        if (!_ids.Add(BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(line.CustomId)))))
            return new OpenAiError("duplicate_custom_id", $"The custom_id '{line.CustomId}' was used before in this file.", "custom_id");
        _model ??= line.Chat.Model;
        return line.Chat.Model == _model ? null : new OpenAiError("mismatched_model", $"The model '{line.Chat.Model}' is not the one of the lines before, '{_model}': a batch has one.", "body.model");
    }

    public void Add(BatchLine line)
    {
        _rows++;
        _bytes = Math.Max(_bytes, Encoding.UTF8.GetByteCount(line.Chat.Request.Prompt ?? ""));
        _tokens = Math.Max(_tokens, line.Chat.Request.MaxTokens ?? 0);
    }

    public void Add(OpenAiError error)
    {
        ErrorCount++;
        if (_errors.Count < BatchConverter.MostErrors) _errors.Add(error);
    }

    public BatchConversion Finish() => new()
    {
        Lines = _rows + ErrorCount,
        Rows = _rows,
        Model = _model,
        Limits = RequestLimits.For(_bytes, _tokens),
        ErrorCount = ErrorCount,
        Errors = _errors,
    };
}
