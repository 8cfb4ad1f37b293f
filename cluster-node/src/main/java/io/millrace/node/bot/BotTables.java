package io.millrace.node.bot;

import io.millrace.node.journal.BotTable;
import io.millrace.node.journal.RunTable;

/** Where it is noted how bots stand, and what their runs came to. */
public record BotTables(BotTable bots, RunTable runs) {}
