package dev.olla.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.MapContext;
import org.apache.commons.jexl3.introspection.JexlPermissions;
import org.apache.commons.jexl3.introspection.JexlSandbox;
import org.jspecify.annotations.Nullable;

/// An expression over the values of an answer, compiled: arithmetic, comparisons, `&&`, `||`, `? :` and `len`.
///
/// It can call nothing, change nothing and repeat nothing. Safe for all threads.
final class Calculation {

    /// The library's name for the length of a text.
    private static final Pattern LENGTH = Pattern.compile("\\blen\\s*\\(");

    private final JexlExpression expression;

    private Calculation(JexlExpression expression) {
        this.expression = expression;
    }

    /// The library is loaded when the first expression is compiled, not before.
    private static final class Library {
        private static final JexlEngine ENGINE = new JexlBuilder()
                .features(new JexlFeatures()
                        .loops(false)
                        .lambda(false)
                        .script(false)
                        .localVar(false)
                        .sideEffect(false)
                        .sideEffectGlobal(false)
                        .methodCall(false)
                        .newInstance(false)
                        .structuredLiteral(false)
                        .annotation(false)
                        .pragma(false))
                .permissions(JexlPermissions.RESTRICTED)
                .sandbox(new JexlSandbox(false))
                .arithmetic(new Arithmetic())
                .strict(false)
                .silent(false)
                .create();
    }

    /// A value that is not there spoils what is calculated from it; a division by zero is 0.
    private static final class Arithmetic extends JexlArithmetic {

        Arithmetic() {
            super(true);
        }

        @Override
        public Object divide(Object left, Object right) {
            try {
                return super.divide(left, right);
            } catch (NullOperand missing) {
                throw missing;
            } catch (ArithmeticException _) {
                return 0L;
            }
        }
    }

    /// @throws IllegalArgumentException with what is wrong with the text
    static Calculation of(String text) {
        try {
            return new Calculation(
                    Library.ENGINE.createExpression(LENGTH.matcher(text).replaceAll("size(")));
        } catch (JexlException wrong) {
            throw new IllegalArgumentException(wrong.getDetail(), wrong);
        }
    }

    /// A number, a text or a boolean; null where the expression needs a value that is not there.
    @Nullable
    Object of(Map<String, Object> values) {
        try {
            return expression.evaluate(new MapContext(new HashMap<>(values)));
        } catch (JexlException | ArithmeticException _) {
            return null;
        }
    }
}
