namespace MedGan.Storage;

/// <summary>The data folder cannot be used; the message is one plain sentence that says what to do.</summary>
public sealed class StorageUnavailableException(string sentence, Exception inner) : IOException(sentence, inner);

/// <summary>The database server cannot be used; the message is one plain sentence that says what to do.</summary>
public sealed class DatabaseUnavailableException(string sentence, Exception inner) : Exception(sentence, inner);
