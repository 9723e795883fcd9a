using TorchSharp.Native;

namespace TorchSharp;

// Random fills and draws.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor uniform_(double @from, double to, Generator? generator = null) => Aten.InPlace("uniform_", this, @from, to, generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Aten.InPlace("normal_", this, mean, std, generator);
        public Tensor bernoulli(Generator? generator = null) => Aten.Tensor("bernoulli", this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.InPlace("bernoulli_.float", this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Aten.InPlace("bernoulli_.Tensor", this, p, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Aten.InPlace("exponential_", this, lambda, generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => Aten.InPlace("log_normal_", this, mean, std, generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => Aten.InPlace("cauchy_", this, median, sigma, generator);
        public Tensor geometric_(double p, Generator? generator = null) => Aten.InPlace("geometric_", this, p, generator);
        public Tensor random_(double @from, double to, Generator? generator = null) => Aten.InPlace("random_.from", this, (long)@from, (long)to, generator);
        public Tensor poisson(Generator? generator = null) => Aten.Tensor("poisson", this, generator);
        public Tensor binomial(Tensor prob, Generator? generator = null) => Aten.Tensor("binomial", this, prob, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Tensor("multinomial", this, num_samples, replacement, generator);
    }
}
