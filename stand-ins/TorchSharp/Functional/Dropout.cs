using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Aten.InPlace("dropout_", input, p, training).alias() : Aten.Tensor("dropout", input, p, training);

            /// <summary>Whole channels of [N,C,L] or [C,L].</summary>
            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Channels(input, 2, p, training, inplace);

            /// <summary>Whole channels of [N,C,H,W].</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Channels(input, -1, p, training, inplace);

            /// <summary>Whole channels of [N,C,D,H,W] or [C,D,H,W].</summary>
            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Channels(input, 4, p, training, inplace);

            /// <summary>Klambauer et al. 2017: keeps mean and variance of what SELU gives.</summary>
            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                inplace ? Aten.InPlace("alpha_dropout_", input, p, training).alias() : Aten.Tensor("alpha_dropout", input, p, training);
            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                inplace ? Aten.InPlace("feature_alpha_dropout_", input, p, training).alias() : Aten.Tensor("feature_alpha_dropout", input, p, training);

            private static Tensor Channels(Tensor input, int unbatched, double p, bool training, bool inplace)
            {
                if (input.dim() == unbatched)
                {
                    using var batch = input.unsqueeze(0);
                    using var result = Channels(batch, -1, p, training, inplace);
                    return result.squeeze(0);
                }
                return inplace ? Aten.InPlace("feature_dropout_", input, p, training).alias() : Aten.Tensor("feature_dropout", input, p, training);
            }
        }
    }
}
