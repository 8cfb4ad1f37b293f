package io.millrace.node.bot;

/** Which rule decides about which request: the bot's table of contents. Pure. */
final class BotDecider {
    private BotDecider() {}

    /**
     * Decides about a request; {@code now} is ms since the epoch. A worker's that is accepted has yet to wait for a run: its
     * answer is for when none comes.
     */
    static BotDecision decide(BotState state, BotCommand.Request request, long now) {
        if (request instanceof BotCommand.Register register) {
            return BotDecisions.register(state, register.config(), register.ifMatch(), now);
        } else if (request instanceof BotCommand.Describe) {
            return BotDecisions.describe(state);
        } else if (request instanceof BotCommand.Archive) {
            return BotDecisions.archive(state, now);
        } else if (request instanceof BotCommand.Pause pause) {
            return BotDecisions.pause(state, pause.reason(), now);
        } else if (request instanceof BotCommand.Resume) {
            return BotDecisions.resume(state, now);
        } else if (request instanceof BotCommand.RunNow) {
            return BotDecisions.runNow(state);
        } else if (request instanceof BotCommand.Kill) {
            return BotDecisions.kill(state, now);
        } else if (request instanceof BotCommand.Reset reset) {
            return BotDecisions.reset(state, reset, now);
        } else if (request instanceof BotCommand.Undo undo) {
            return LedgerDecisions.undo(state, undo, now);
        } else if (request instanceof BotCommand.PlanReplay plan) {
            return ReplayDecisions.plan(state, plan, now);
        } else if (request instanceof BotCommand.StartReplay start) {
            return ReplayDecisions.start(state, start, now);
        } else if (request instanceof BotCommand.CancelReplay cancel) {
            return ReplayDecisions.cancel(state, cancel, now);
        } else if (request instanceof BotCommand.GetMoves) {
            return LedgerDecisions.moves(state);
        } else if (request instanceof BotCommand.Skip skip) {
            return LedgerDecisions.skip(state, skip, now);
        } else if (request instanceof BotCommand.GetRuns) {
            return BotDecisions.runs(state);
        } else if (request instanceof BotCommand.Explain) {
            return BotDecisions.describe(state);
        } else if (request instanceof BotCommand.Ask) {
            return RunDecisions.ask(state);
        } else if (request instanceof BotCommand.Heartbeat heartbeat) {
            return RunDecisions.heartbeat(state, heartbeat, now);
        } else if (request instanceof BotCommand.MoveCheckpoints move) {
            return RunDecisions.checkpoint(state, move, now);
        } else if (request instanceof BotCommand.Complete complete) {
            return RunDecisions.complete(state, complete, now);
        } else if (request instanceof BotCommand.Judge judge) {
            return PoisonDecisions.judge(state, judge, now);
        } else if (request instanceof BotCommand.BeginRedrive begin) {
            return RedriveDecisions.begin(state, begin, now);
        } else if (request instanceof BotCommand.EndRedrive end) {
            return RedriveDecisions.end(state, end, now);
        } else if (request instanceof BotCommand.Purge purge) {
            return RedriveDecisions.purge(state, purge, now);
        } else if (request instanceof BotCommand.Admit admit) {
            return RunDecisions.admit(state, admit, now);
        }
        throw new AssertionError("no rule to decide " + request);
    }
}
