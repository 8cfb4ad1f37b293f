/**
 * Runs the protocol's own code (claims, appends, decisions, marks, sleepers, leases) under a seeded scheduler that crashes,
 * delays, loses, repeats and reorders, and holds what happens against the rules of design section 3.
 */
package io.millrace.node.simulation;
