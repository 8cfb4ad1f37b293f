/**
 * Owns the six ways of messaging, each as a program of its own to copy from. {@code ./millrace dev} gives them a bus; the
 * first argument names another one.
 */
@NullMarked
package io.millrace.examples;

import org.jspecify.annotations.NullMarked;
