/**
 * Owns the keeping of an entity's log: an entity's front actor decides, a child persists, and what fails is claimed again
 * until somebody else owns it.
 */
@NullMarked
package io.millrace.node.log;

import org.jspecify.annotations.NullMarked;
