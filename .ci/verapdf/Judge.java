import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Judges PDF files by PDF/UA-1 and PDF/A-3a. It prints a line for each file and standard: the file,
 * the standard and the number of rules that it breaks, separated by tabs. Below it is a line for
 * each of these rules, which begins with a tab: the rule, how often it is broken, and why.
 */
class Judge {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            for (String standard : new String[] {"ua1", "3a"}) {
                judge(file, standard);
            }
        }
    }

    private static void judge(String file, String standard) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(standard);
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, String> messages = new TreeMap<>();
        try (var in = new FileInputStream(file);
                var parser = Foundries.defaultInstance().createParser(in, flavour);
                var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion a : result.getTestAssertions()) {
                if (a.getStatus() == TestAssertion.Status.FAILED) {
                    String rule = a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber();
                    counts.merge(rule, 1, Integer::sum);
                    messages.putIfAbsent(rule, a.getMessage() + " at " + a.getLocation().getContext());
                }
            }
            if (result.isCompliant() != counts.isEmpty()) {
                counts.putIfAbsent("compliant: " + result.isCompliant(), 1);
            }
        }
        System.out.println(file + "\t" + standard + "\t" + counts.size());
        counts.forEach((rule, count) -> System.out.println("\t" + rule + "\t" + count + "\t" + messages.getOrDefault(rule, "").replaceAll("\\s+", " ")));
    }
}
