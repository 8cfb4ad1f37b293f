/**
 * Owns the times of a bot's schedule: what its cron text and time zone mean, and which slots lie in a span of time. Pure, and
 * the only place that knows the cron library.
 */
@NullMarked
package io.millrace.node.schedule;

import org.jspecify.annotations.NullMarked;
