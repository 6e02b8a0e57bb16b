@NullMarked
package dev.olla.testbed;

import org.jspecify.annotations.NullMarked;
