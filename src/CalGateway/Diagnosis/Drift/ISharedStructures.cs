namespace CalGateway.Diagnosis.Drift;

/// <summary>A store that several gateways share, so that a new one knows what others have learned.</summary>
internal interface ISharedStructures
{
    /// <summary>Null where nothing is stored, or the store is not available.</summary>
    Task<byte[]?> FindAsync(string name);

    /// <summary>Does nothing while the store is not available.</summary>
    Task PutAsync(string name, byte[] learned);
}
