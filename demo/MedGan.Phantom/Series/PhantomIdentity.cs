using System.Globalization;

namespace MedGan.Phantoms.Series;

/// <summary>Who a made-up patient is said to be: everything that a real header would say about a real person, and plainly invented.</summary>
/// <remarks>De-identification has to find and remove every one of these values.</remarks>
public sealed record PhantomIdentity
{
    private static readonly string[] Greek =
    [
        "Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "Mu",
        "Nu", "Xi", "Omicron", "Pi", "Rho", "Sigma", "Tau", "Upsilon", "Phi", "Chi", "Psi", "Omega",
    ];

    /// <summary>Patient ID (0010,0020), for example PHT-000042; also the name of the patient's folder.</summary>
    public required string PatientId { get; init; }
    /// <summary>Patient's Name (0010,0010), for example PHANTOM^Alpha^Q0042.</summary>
    public required string PatientName { get; init; }
    /// <summary>Patient's Birth Date (0010,0030).</summary>
    public required DateOnly BirthDate { get; init; }
    /// <summary>Patient's Sex (0010,0040).</summary>
    public required string Sex { get; init; }
    /// <summary>Patient's Address (0010,1040).</summary>
    public required string Address { get; init; }
    /// <summary>Patient's Telephone Numbers (0010,2154).</summary>
    public required string Telephone { get; init; }
    /// <summary>Referring Physician's Name (0008,0090).</summary>
    public required string Referrer { get; init; }
    /// <summary>Operators' Name (0008,1070).</summary>
    public required string Operator { get; init; }
    /// <summary>Institution Name (0008,0080).</summary>
    public required string Institution { get; init; }
    /// <summary>Accession Number (0008,0050).</summary>
    public required string Accession { get; init; }
    /// <summary>Device Serial Number (0018,1000).</summary>
    public required string DeviceSerial { get; init; }
    /// <summary>When the study was made.</summary>
    public required DateTime StudyAt { get; init; }

    /// <summary>The identity of a patient in one kind of study.</summary>
    public static PhantomIdentity Of(PhantomPatient patient, PhantomModality modality)
    {
        var r = new PhantomRandom(patient.Seed, 7);
        string Name() => Greek[r.Below(Greek.Length)];
        var tail = patient.Seed.ToString("D4", CultureInfo.InvariantCulture);
        var identity = new PhantomIdentity
        {
            PatientId = "PHT-" + patient.Seed.ToString("D6", CultureInfo.InvariantCulture),
            PatientName = $"PHANTOM^{Name()}^Q{tail}",
            BirthDate = new DateOnly(1930 + r.Below(70), 1 + r.Below(12), 1 + r.Below(28)),
            Sex = r.Below(2) == 0 ? "F" : "M",
            Address = $"{1 + r.Below(200)} Made-Up Road {tail}, Nowhereton",
            Telephone = $"+00 000 {100000 + r.Below(900000)}",
            Referrer = $"PHANTOM-REFERRER^{Name()}",
            Operator = $"PHANTOM-OPERATOR^{Name()}",
            Institution = "Imaginary Hospital of Nowhereton",
            Accession = $"PHA{patient.Seed:D6}{(int)modality}",
            DeviceSerial = $"PHSN-{70000 + r.Below(20000)}",
            StudyAt = new DateTime(2016 + r.Below(8), 1 + r.Below(12), 1 + r.Below(28), 7 + r.Below(12), r.Below(60), r.Below(60), DateTimeKind.Unspecified),
        };
        return modality == PhantomModality.Ct ? identity : identity with { StudyAt = identity.StudyAt.AddDays(3 + r.Below(20)) };
    }
}
