namespace TorchSharp.Modules
{
    /// <summary>Zeroes elements at random while training</summary>
    public sealed class Dropout : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.dropout(input, p, training, inplace);
    }

    /// <summary>Zeroes whole channels of [N,C,L] at random while training</summary>
    public sealed class Dropout1d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d)) =>
            (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.dropout1d(input, p, training, inplace);
    }

    /// <summary>Zeroes whole channels at random while training</summary>
    public sealed class Dropout2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.dropout2d(input, p, training, inplace);
    }

    /// <summary>Zeroes whole channels of [N,C,D,H,W] at random while training</summary>
    public sealed class Dropout3d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d)) =>
            (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.dropout3d(input, p, training, inplace);
    }

    /// <summary>Dropout that keeps the mean and variance of what SELU gives</summary>
    public sealed class AlphaDropout : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal AlphaDropout(double p, bool inplace) : base(nameof(AlphaDropout)) =>
            (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.alpha_dropout(input, p, training, inplace);
    }

    /// <summary>Alpha dropout of whole channels</summary>
    public sealed class FeatureAlphaDropout : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal FeatureAlphaDropout(double p, bool inplace) : base(nameof(FeatureAlphaDropout)) =>
            (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.feature_alpha_dropout(input, p, training, inplace);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) => new(p, false);
            public static FeatureAlphaDropout FeatureAlphaDropout(double p, bool inplace) => new(p, inplace);
        }
    }
}
