@NullMarked
package dev.olla;

import org.jspecify.annotations.NullMarked;
