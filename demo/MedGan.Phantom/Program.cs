using MedGan.Dicom.Rendering;
using MedGan.Phantoms;
var sw = System.Diagnostics.Stopwatch.StartNew();
foreach (var m in new[] { PhantomModality.Ct, PhantomModality.MrT1, PhantomModality.MrT2 })
{
    sw.Restart();
    var big = new byte[6 * 256 * 4 * 256 * 0 + 8 * 128 * 128 * 6];
    int W = 8 * 128, H = 6 * 128, row0 = 0;
    foreach (var seed in new[] { 1, 2 })
    {
        var v = Phantom.Render(PhantomPatient.Create(seed), m, PhantomGrid.Default);
        for (var k = 0; k < 24; k++)
        {
            var im = SliceRenderer.Render(v, k);
            for (var y = 0; y < 128; y++) Array.Copy(im.Pixels, y * 128, big, ((row0 + k / 8) * 128 + y) * W + k % 8 * 128, 128);
        }
        row0 += 3;
    }
    Console.WriteLine($"{m} {sw.ElapsedMilliseconds}");
    Directory.CreateDirectory("/tmp/ph");
    File.WriteAllBytes($"/tmp/ph/{m}.png", new GrayImage(W, H, big).ToPng());
}
