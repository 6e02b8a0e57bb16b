@NullMarked
package dev.olla.benchmarks;

import org.jspecify.annotations.NullMarked;
