package io.millrace.load.simulation;

import java.util.function.BooleanSupplier;

/**
 * Something that has to be true when the load is over and that Gatling's statistics can't tell. It is shown in the report as a
 * request of this name, and fails the run if it doesn't hold.
 *
 * @param claim what has to be true
 * @param holds asked once, at the end
 */
record Verdict(String claim, BooleanSupplier holds) {}
