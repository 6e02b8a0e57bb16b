@NullMarked
package dev.olla.telemetry;

import org.jspecify.annotations.NullMarked;
