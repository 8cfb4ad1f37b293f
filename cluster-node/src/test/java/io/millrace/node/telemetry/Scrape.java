package io.millrace.node.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of a Prometheus scrape, by families. */
public final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** One line. */
    public record Sample(String name, Map<String, String> labels, double value) {}

    /** Meters of one name. */
    public static final class Family {
        public final String name;
        public String help = "";
        public String type = "";
        public final List<Sample> samples = new ArrayList<>();

        Family(String name) {
            this.name = name;
        }

        /** Of all its samples, without what a histogram adds. */
        public Set<String> labels() {
            TreeSet<String> labels = samples.stream()
                    .flatMap(sample -> sample.labels().keySet().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
            labels.remove("le");
            return labels;
        }
    }

    /** By name; samples of histograms stand with their family. */
    public final Map<String, Family> families = new TreeMap<>();

    private Scrape() {}

    /** Reads it; every line must be understood. */
    public static Scrape of(String text) {
        Scrape scrape = new Scrape();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# HELP ")) {
                String[] parts = line.split(" ", 4);
                scrape.family(parts[2]).help = parts.length > 3 ? parts[3] : "";
            } else if (line.startsWith("# TYPE ")) {
                String[] parts = line.split(" ", 4);
                scrape.family(parts[2]).type = parts[3];
            } else if (!line.isBlank()) {
                scrape.sample(line);
            }
        }
        return scrape;
    }

    private Family family(String name) {
        return families.computeIfAbsent(name, Family::new);
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("not a line of a scrape: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        String name = sample.group(1);
        String base = name.replaceAll("_(bucket|count|sum)$", "");
        Family family = families.containsKey(name) ? family(name) : family(base);
        family.samples.add(
                new Sample(name, labels, Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"))));
    }
}
