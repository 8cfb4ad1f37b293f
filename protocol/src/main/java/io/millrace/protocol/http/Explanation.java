package io.millrace.protocol.http;

import java.util.List;

/**
 * Why a bot is running, or why it isn't ({@code GET /v1/bots/{bot}/explain}).
 *
 * @param running whether a run is under way
 * @param because one sentence: what the checks come to
 * @param checks what was looked at, in the order in which it decides: the first that isn't passed is what keeps the bot from
 *     running
 */
public record Explanation(boolean running, String because, List<Check> checks) {
    /**
     * One thing that was looked at.
     *
     * @param check its name, one of a fixed set; those of a queue have its name after a colon
     * @param passed whether a run could begin as far as this goes
     * @param evidence what was found
     */
    public record Check(String check, boolean passed, String evidence) {}
}
