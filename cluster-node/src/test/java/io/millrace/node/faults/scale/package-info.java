/** Owns the measurement of what names cost: many queues and bots on nodes with little memory. */
@NullMarked
package io.millrace.node.faults.scale;

import org.jspecify.annotations.NullMarked;
