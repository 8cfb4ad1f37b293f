package io.millrace.node.faults.work;

import io.millrace.node.faults.history.Call;

/** Answers as lines of a history. */
final class Calls {
    private Calls() {}

    static Call of(String client, long from, Http.Answer answer) {
        long to = System.nanoTime();
        return switch (answer.kind()) {
            case OK -> Call.ok(client, answer.node(), from, to);
            case REFUSED -> Call.fail(client, answer.node(), from, to, problem(answer));
            case UNKNOWN -> Call.unknown(client, answer.node(), from, to, problem(answer));
        };
    }

    private static String problem(Http.Answer answer) {
        if (answer.status() != 0) {
            return answer.problem().isEmpty() ? Integer.toString(answer.status()) : answer.problem();
        }
        int colon = answer.text().indexOf(':');
        String name = colon < 0 ? answer.text() : answer.text().substring(0, colon);
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
