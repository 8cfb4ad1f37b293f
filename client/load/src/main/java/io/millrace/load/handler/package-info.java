/** Owns the bots of the bench that run on the node: their jar stands on the class path of a bus that the bench starts. */
@NullMarked
package io.millrace.load.handler;

import org.jspecify.annotations.NullMarked;
