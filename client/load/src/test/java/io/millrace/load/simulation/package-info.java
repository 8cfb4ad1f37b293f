/**
 * Owns the load harness: what arrives at the bus, how fast, for how long, and what it must answer. One class a simulation;
 * {@link io.millrace.load.simulation.BusSimulation} is what they have in common.
 */
@NullMarked
package io.millrace.load.simulation;

import org.jspecify.annotations.NullMarked;
