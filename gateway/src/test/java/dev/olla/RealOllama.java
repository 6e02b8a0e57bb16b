package dev.olla;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test that needs a real Ollama; skipped with one line where there is none.
///
/// See [RealOllamaPlace] for where one is looked for.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("real-ollama")
@ExtendWith(RealOllamaCondition.class)
@interface RealOllama {}
