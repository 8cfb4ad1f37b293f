package io.millrace.node.journal;

import org.jspecify.annotations.Nullable;

/**
 * A bot that is to be woken at certain times.
 *
 * @param cron the schedule
 * @param timeZone the schedule's, null for UTC
 */
public record ScheduledBot(
        String bot, String cron, @Nullable String timeZone) {}
