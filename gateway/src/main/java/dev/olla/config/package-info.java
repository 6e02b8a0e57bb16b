@NullMarked
package dev.olla.config;

import org.jspecify.annotations.NullMarked;
