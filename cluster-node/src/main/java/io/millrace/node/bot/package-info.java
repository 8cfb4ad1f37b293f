/**
 * Owns the bot: one persistent sharded actor each, the one place that grants runs, so that a bot has exactly one running
 * instance.
 *
 * <p>A command becomes a {@link io.millrace.node.bot.BotDecision} by pure functions over {@link io.millrace.node.bot.BotState};
 * its events are journaled before the handler sees anything or anybody is answered. What is only of the moment (who waits,
 * which triggers have events) lives in {@code BotMoment} and is lost without harm: the bot asks its queues again.
 */
@NullMarked
package io.millrace.node.bot;

import org.jspecify.annotations.NullMarked;
