@NullMarked
package dev.olla.request;

import org.jspecify.annotations.NullMarked;
