using System.Net;

namespace Dpvr.Hosting.Auth;

/// <summary>A server would be open to others without asking who they are: it does not start.</summary>
public sealed class ExposedException(IPEndPoint listen) : Exception(
    $"--http: {listen} can be reached from other machines, and nobody would have to show a key; allowed: make one first (dpvr keys create --store …), or take tokens (--jwt-authority or --jwt-key), or listen on 127.0.0.1.");
