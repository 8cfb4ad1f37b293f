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

    /** What the program says of the subcommand. */
    String help() {
        List<String> question = new ArrayList<>(List.of(words.get(0)));
        for (int i = 1; i < words.size() && question.size() < 4; i++) {
            String word = words.get(i);
            if (EVERYWHERE.contains(word)) {
                i++;
            } else if (word.matches("[a-z-]+") && !word.startsWith("-")) {
                question.add(word);
            } else {
                break;
            }
        }
        for (int size = question.size(); size > 1; size--) {
            List<String> asked = new ArrayList<>(question.subList(0, size));
            asked.add("--help");
            try {
                Process process =
                        new ProcessBuilder(asked).redirectErrorStream(true).start();
                String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() == 0) {
                    return text;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError(text() + ": there is no such command");
    }
}
