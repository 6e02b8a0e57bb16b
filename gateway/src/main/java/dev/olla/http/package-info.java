@NullMarked
package dev.olla.http;

import org.jspecify.annotations.NullMarked;
