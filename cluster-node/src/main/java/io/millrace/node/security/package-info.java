/** Owns who callers are: API keys, the tokens of an issuer, and the record of what callers changed and were refused. */
@NullMarked
package io.millrace.node.security;

import org.jspecify.annotations.NullMarked;
