namespace Dpvr.Model.Tokens;

/// <summary>The conversation layouts that LLaVA checkpoints were trained with.</summary>
public enum ChatFamily
{
    /// <summary>LLaVA-1.5: <c>USER: … ASSISTANT: …&lt;/s&gt;</c>.</summary>
    Llava15,

    /// <summary>LLaVA on Llama 2 or Mistral: <c>[INST] … [/INST] …&lt;/s&gt;</c>.</summary>
    Inst,
}
