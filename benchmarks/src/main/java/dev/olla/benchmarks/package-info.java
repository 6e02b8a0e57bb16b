/// Load runs that compare this gateway with nginx and others, side by side on one machine.
@NullMarked
package dev.olla.benchmarks;

import org.jspecify.annotations.NullMarked;
