/** Holds the manifests against Kubernetes' own schema, against the rules of this project, and against the node they run. */
@NullMarked
package io.millrace.k8s;

import org.jspecify.annotations.NullMarked;
