/**
 * Owns the pipeline of {@code ./millrace dev --demo}: orders are written, priced, invoiced and added up, each step a bot of
 * another kind. Written as a user would, against the client library and nothing else; {@link
 * io.millrace.demo.PriceHandler} also stands on the node's class path, where only the protocol's classes are.
 */
@NullMarked
package io.millrace.demo;

import org.jspecify.annotations.NullMarked;
