@NullMarked
package dev.olla.fleet;

import org.jspecify.annotations.NullMarked;
