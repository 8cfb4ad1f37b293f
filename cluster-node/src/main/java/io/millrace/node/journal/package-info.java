/**
 * Owns the durable logs: the fenced journal and snapshot store of every persistent actor, and the readers of what they
 * wrote. Why it is safe is written down in RATIONALE.md beside this file.
 */
@NullMarked
package io.millrace.node.journal;

import org.jspecify.annotations.NullMarked;
