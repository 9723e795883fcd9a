using FellowOakDicom;

namespace MedGan.Privacy.Deidentification;

/// <summary>Builds a data set of what may stay of another one, into every sequence.</summary>
internal sealed class AttributeFilter(Pseudonyms pseudonyms, int deepest)
{
    private readonly Dictionary<string, int> actions = [];

    /// <summary>How often each action was taken.</summary>
    public IReadOnlyDictionary<string, int> Actions => actions;

    /// <summary>Adds to <paramref name="target"/> what may stay of <paramref name="source"/>, which is only read.</summary>
    public DicomDataset Apply(DicomDataset source, DicomDataset target) => Apply(source, target, 0);

    private DicomDataset Apply(DicomDataset source, DicomDataset target, int depth)
    {
        if (depth > deepest) throw new InstanceRejectedException(RejectReason.NestedTooDeep, "The instance nests sequences too deeply.");
        foreach (var item in source)
        {
            if (item.Tag == DicomTag.PixelData && depth == 0) continue; // has a rule of its own
            var kept = Decide(item, depth);
            if (kept is not null) target.AddOrUpdate(kept);
        }
        return target;
    }

    private DicomItem? Decide(DicomItem item, int depth)
    {
        var tag = item.Tag;
        if (tag.IsPrivate) return Removed("private");
        // File meta and directory groups, group lengths, curves and overlays, whatever they are called; table E.1-1 has them masked.
        if (tag.Group <= 0x0004 || tag.Element == 0 || (tag.Group & 0xFF00) is 0x5000 or 0x6000) return Removed("removed");
        if (BasicProfile.For(tag) is { } action) return ByProfile(item, action);
        if (KeptAttribute.For(tag) is not { } rule) return Removed("removed");
        if (rule.Kind == KeptKind.Items) return Items(item, depth);
        if (item is not DicomElement element) return Removed("removed");
        return KeptValue.Make(element, rule) is { } value ? Done("kept", value) : Otherwise(element, rule);
    }

    private DicomItem? Items(DicomItem item, int depth)
    {
        if (item is not DicomSequence sequence) return Removed("removed");
        var items = sequence.Items.Select(inner => Apply(inner, new DicomDataset().NotValidated(), depth + 1)).Where(inner => inner.Any()).ToArray();
        return items.Length == 0 ? Removed("removed") : Done("kept", new DicomSequence(item.Tag, items));
    }

    private DicomItem? ByProfile(DicomItem item, ProfileAction action)
    {
        if (action == ProfileAction.Remove || item is not DicomElement element) return Removed("removed");
        var (tag, vr) = (element.Tag, element.Tag.DictionaryEntry.ValueRepresentations[0]);
        string[] values = KeptValue.Values(element);
        if (action == ProfileAction.ReplaceUid)
            return vr == DicomVR.UI && values.Length > 0
                ? Done("uid", new DicomUniqueIdentifier(tag, [.. values.Select(pseudonyms.Uid)]))
                : Removed("removed");
        if (action == ProfileAction.ShiftDate && values.Length == 1 && pseudonyms.Date(values[0]) is { } date)
            return Done("date", KeptValue.Text(tag, vr, date));
        if (action == ProfileAction.Dummy && Dummy(vr) is { } dummy) return Done("dummy", KeptValue.Text(tag, vr, dummy));
        // A date that cannot be moved and a value that has no dummy end as the stricter action of the profile does.
        return action is ProfileAction.Empty or ProfileAction.ShiftDate ? Empty("emptied", tag, vr) : Removed("removed");
    }

    private DicomItem? Otherwise(DicomElement element, KeptAttribute rule)
    {
        var vr = element.Tag.DictionaryEntry.ValueRepresentations[0];
        if (rule.Otherwise is ['=', .. var dummy]) return Done("unacceptable", KeptValue.Text(element.Tag, vr, dummy));
        return rule.Otherwise == "empty" ? Empty("unacceptable", element.Tag, vr) : Removed("unacceptable");
    }

    private DicomItem? Empty(string action, DicomTag tag, DicomVR vr) => vr.Code switch
    {
        "ST" => Done(action, new DicomShortText(tag, "")),
        "LT" => Done(action, new DicomLongText(tag, "")),
        "UT" => Done(action, new DicomUnlimitedText(tag, "")),
        "CS" or "DS" or "IS" or "SH" or "LO" or "PN" or "DA" or "TM" or "DT" => Done(action, KeptValue.Text(tag, vr)),
        _ => Removed(action == "emptied" ? "removed" : action),
    };

    private static string? Dummy(DicomVR vr) => vr.Code switch
    {
        "PN" or "LO" or "SH" or "CS" => "REMOVED",
        "DA" or "DT" => "19000101",
        "TM" => "000000",
        "DS" or "IS" => "0",
        _ => null,
    };

    private DicomItem Done(string action, DicomItem item)
    {
        actions[action] = actions.GetValueOrDefault(action) + 1;
        return item;
    }

    private DicomItem? Removed(string action)
    {
        actions[action] = actions.GetValueOrDefault(action) + 1;
        return null;
    }
}
