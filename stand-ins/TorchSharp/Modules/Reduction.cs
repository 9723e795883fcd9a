namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What a loss does with the loss of each element.</summary>
        public enum Reduction : long { None = 0, Mean = 1, Sum = 2 }
    }
}
