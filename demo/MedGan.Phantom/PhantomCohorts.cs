using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Series;

namespace MedGan.Phantoms;

/// <summary>Two cohorts of different made-up patients, and for each patient the truth in the modality that was not imaged.</summary>
/// <param name="CtPatients">Patients with a CT.</param>
/// <param name="MrPatients">Other patients, with an MR.</param>
/// <param name="Seed">Cohorts of different seeds share no patient (up to 500 patients each).</param>
/// <param name="MrModality">Which weighting the MR cohort has.</param>
public sealed record PhantomCohorts(int CtPatients, int MrPatients, int Seed = 1, PhantomModality MrModality = PhantomModality.MrT1)
{
    /// <summary>The patients of the CT cohort.</summary>
    public IEnumerable<PhantomPatient> Ct => Enumerable.Range(0, CtPatients).Select(i => PhantomPatient.Create(checked(Seed * 1000) + i));

    /// <summary>The patients of the MR cohort.</summary>
    public IEnumerable<PhantomPatient> Mr => Enumerable.Range(0, MrPatients).Select(i => PhantomPatient.Create(checked(Seed * 1000) + 500 + i));

    /// <summary>
    /// Writes ct/PATIENT/*.dcm and mr/PATIENT/*.dcm; with <paramref name="truth"/> also truth/PATIENT/{CT or MR}.volume (noise-free) and
    /// {CT or MR}-noisy.volume, the same head on the same grid in the other modality (<see cref="VolumeFile"/>).
    /// </summary>
    public void Write(string folder, bool truth, Action<string>? progress = null)
    {
        foreach (var (patients, modality, other, name) in new[]
        {
            (Ct, PhantomModality.Ct, MrModality, "ct"),
            (Mr, MrModality, PhantomModality.Ct, "mr"),
        })
            foreach (var patient in patients)
            {
                var id = PhantomIdentity.Of(patient, modality).PatientId;
                var files = PhantomSeries.Write(patient, modality, Path.Combine(folder, name, id));
                if (truth)
                    WriteTruth(patient, other, Path.Combine(folder, "truth", id));
                progress?.Invoke($"{name}/{id}: {files.Count} files");
            }
    }

    private static void WriteTruth(PhantomPatient patient, PhantomModality modality, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (volume, suffix) in new[]
        {
            (Phantom.Truth(patient, modality, PhantomGrid.Default), ""),
            (Phantom.Render(patient, modality, PhantomGrid.Default), "-noisy"),
        })
        {
            using var stream = File.Create(Path.Combine(folder, $"{volume.Modality}{suffix}.volume"));
            VolumeFile.Write(volume, stream);
        }
    }
}
