@NullMarked
package dev.olla.api;

import org.jspecify.annotations.NullMarked;
