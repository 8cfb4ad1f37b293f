package io.millrace.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command of the README: one of those on an indented line, or all of a code span.
 *
 * @param words the program and its arguments, without comments, quotes and what the shell puts in
 */
record Command(List<String> words) {
    private static final Pattern CODE = Pattern.compile("^ {4}(\\S.*)$|`(kubectl [^`]*)`", Pattern.MULTILINE);

    /** Where a program lists what it can be told to do. */
    private static final Pattern COMMANDS = Pattern.compile("Commands[^:\n]*:$", Pattern.MULTILINE);

    /** Its own synopsis, where it is more than a family of commands. */
    private static final Pattern DOES_SOMETHING =
            Pattern.compile("^Usage:\n  kubectl [a-z-]+ (?!SUBCOMMAND)\\S", Pattern.MULTILINE);

    /** What belongs to every subcommand, and isn't in its help. */
    private static final List<String> EVERYWHERE = List.of("-n", "--namespace");

    static Stream<Command> allOf(String markdown) {
        String whole = markdown.replaceAll(" \\\\\n +", " ");
        return CODE.matcher(whole)
                .results()
                .map(code -> code.group(1) == null ? code.group(2) : code.group(1))
                .map(line -> line.replaceAll("\\s+#.*", "").replaceAll("\\$\\(([^)]*)\\)", "SUBSTITUTED"))
                .flatMap(line -> Stream.of(line.split("\\s*(&&|\\|\\||\\||;)\\s*")))
                .filter(command -> !command.isBlank())
                .map(command -> new Command(words(command)));
    }

    /** Whether a program is on the path and ends well. */
    static boolean isThere(String... question) throws InterruptedException {
        try {
            return new ProcessBuilder(question)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        var matcher = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+").matcher(command);
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("['\"]", ""));
        }
        return words;
    }

    String program() {
        return words.get(0);
    }

    String text() {
        return String.join(" ", words);
    }

    /** Those that come before {@code --}, without their values. */
    List<String> options() {
        return words.stream()
                .takeWhile(word -> !word.equals("--"))
                .filter(word -> word.startsWith("-"))
                .map(word -> word.replaceAll("=.*", ""))
                .filter(word -> !EVERYWHERE.contains(word))
                .toList();
    }

    List<String> values(String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < words.size() - 1 && !words.get(i).equals("--"); i++) {
            if (words.get(i).equals(option)) {
                values.add(words.get(i + 1));
            }
        }
        return values;
    }

    /**
     * What the program says of the subcommand.
     *
     * @throws AssertionError if it knows none such
     */
    String help() {
        List<String> question = new ArrayList<>(List.of(words.get(0)));
        String help = ask(question);
        for (String word : words.subList(1, words.size()).stream()
                .filter(word -> !word.startsWith("-") && !values("-n").contains(word))
                .toList()) {
            if (!COMMANDS.matcher(help).find()) {
                return help;
            }
            if (!Pattern.compile("^ {2}" + Pattern.quote(word) + "\\s", Pattern.MULTILINE)
                    .matcher(help)
                    .find()) {
                if (DOES_SOMETHING.matcher(help).find()) {
                    return help; // and that is something to do it with
                }
                throw new AssertionError(text() + ": " + question + " knows no " + word);
            }
            question.add(word);
            help = ask(question);
        }
        return help;
    }

    private static String ask(List<String> question) {
        List<String> asked = new ArrayList<>(question);
        asked.add("--help");
        try {
            Process process =
                    new ProcessBuilder(asked).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
