# Rscript Benchmarks/peers/clusters.R [boot]
#
# Intervals that know which rows are of one person, for Tests/EvaluationTests/ClusterReferenceTests:
# rows from a generator that any language can write, Obuchowski's areas, sandwich's errors, Rao and
# Scott's effective sizes, and with "boot" 4,000 draws of whole clusters.
library(sandwich)
state <- 20251122
draw <- function() { state <<- (16807 * state) %% 2147483647; state / 2147483647 }
cl <- p <- q <- y <- g <- c()
for (c in 1:120) {
  m <- 1 + floor(5 * draw()); u <- draw(); t <- draw()
  for (i in 1:m) {
    v <- draw(); w <- draw(); e <- draw()
    pr <- (1 + floor(38 * (0.6 * u + 0.4 * v))) / 40
    cl <- c(cl, c); p <- c(p, pr); q <- c(q, floor(10 * (0.5 * u + 0.5 * w)))
    y <- c(y, as.numeric(0.5 * t + 0.5 * e < 0.7 * pr + 0.05)); g <- c(g, c %% 3 == 0)
  }
}
n <- length(y); cat("rows", n, "events", sum(y), "clusters", length(unique(cl)), "\n")
f <- function(...) cat(sprintf("%.15g ", c(...)), "\n")
place <- function(s, y) { out <- numeric(length(s)); S <- s[y==1]; O <- s[y==0]
  for (i in seq_along(s)) out[i] <- if (y[i]==1) mean((s[i] > O) + 0.5*(s[i]==O)) else mean((S > s[i]) + 0.5*(S==s[i])); out }
obu <- function(s, s2, y, cl) {
  a <- place(s,y); b <- place(s2,y); A <- mean(a[y==1]); B <- mean(b[y==1]); M <- sum(y); N <- sum(1-y)
  cs <- function(x, k) tapply(ifelse(y==k, x, 0), cl, sum)
  mc <- tapply(y, cl, sum); nc <- tapply(1-y, cl, sum); I1 <- sum(mc>0); I0 <- sum(nc>0); I <- length(mc)
  v <- function(a,A,b,B) { X <- cs(a,1)-mc*A; Y <- cs(a,0)-nc*A; X2 <- cs(b,1)-mc*B; Y2 <- cs(b,0)-nc*B
    I1/((I1-1)*M)*sum(X*X2)/M + I0/((I0-1)*N)*sum(Y*Y2)/N + I/(I-1)*(sum(X*Y2)+sum(X2*Y))/(M*N) }
  vd <- v(a,A,a,A)+v(b,B,b,B)-2*v(a,A,b,B)
  list(A=A,B=B,se=sqrt(v(a,A,a,A)),seB=sqrt(v(b,B,b,B)),cov=v(a,A,b,B),sed=sqrt(vd),df=min(I1,I0)-1)
}
o <- obu(p,q,y,cl); cat("auc\n"); f(o$A,o$se,o$A-qt(.975,o$df)*o$se,o$A+qt(.975,o$df)*o$se,o$df)
cat("rule, difference, se, cov, z, p\n"); f(o$B,o$seB,o$A-o$B,o$sed,o$cov,(o$A-o$B)/o$sed, 2*pt(-abs((o$A-o$B)/o$sed),o$df))
alone <- obu(p,q,y,seq_along(y)); cat("alone se\n"); f(alone$se, alone$sed)
L <- qlogis(p); G <- length(unique(cl))
m0 <- glm(y ~ 1 + offset(L), family=binomial, control=glm.control(epsilon=1e-14)); m1 <- glm(y ~ L, family=binomial, control=glm.control(epsilon=1e-14))
cat("large, slope: estimate, naive, clustered, lower, upper\n")
for (mm in list(list(m0,1),list(m1,2))) { k <- mm[[2]]; b <- coef(mm[[1]])[k]; s <- sqrt(vcovCL(mm[[1]],cluster=cl,type="HC0")[k,k])
  f(b, sqrt(vcov(mm[[1]])[k,k]), s, b-qt(.975,G-1)*s, b+qt(.975,G-1)*s) }
share <- function(hit, of) { x <- tapply(hit*of, cl, sum); m <- tapply(of, cl, sum); x <- x[m>0]; m <- m[m>0]; G <- length(m)
  n <- sum(m); ph <- sum(x)/n; v <- G/(G-1)*sum((x-ph*m)^2)/n^2
  de <- if (ph>0 && ph<1) v*n/(ph*(1-ph)) else sum(m^2)/n
  ne <- n/max(de,1)*(qnorm(.975)/qt(.975,G-1))^2; z <- qnorm(.975)
  ce <- (ph*ne+z^2/2)/(ne+z^2); re <- z/(ne+z^2)*sqrt(ne*ph*(1-ph)+z^2/4); c(sum(x),n,ph,ne,ce-re,ce+re,de) }
ord <- order(-p, seq_along(p)); on <- rep(FALSE,n); on[ord[1:60]] <- TRUE
cat("precision, sensitivity, specificity of 60: count of estimate effective lower upper effect\n")
f(share(y==1,on)); f(share(on,y==1)); f(share(!on,y==0))
cat("prevalence; o/e\n"); s <- share(y==1,rep(TRUE,n)); f(s); f(sum(y)/sum(p), s[5]/mean(p), s[6]/mean(p))
cat("group g: ppv fnr fpr for, share of list, oe, auc, slope\n")
f(share(y==1,on&g)); f(share(!on,y==1&g)); f(share(on,y==0&g)); f(share(y==1,!on&g)); f(share(g,on))
s<-share(y==1,g); f(sum(y[g])/sum(p[g]), s[5]/mean(p[g]), s[6]/mean(p[g]))
og <- obu(p[g],q[g],y[g],cl[g]); f(og$A, og$se)
mg <- glm(y ~ L, family=binomial, subset=g, control=glm.control(epsilon=1e-14)); f(coef(mg)[2], sqrt(vcovCL(mg,cluster=cl[g],type="HC0")[2,2]))
cat("spline at 0.3 and 0.6: logit, clustered error, lower, upper\n")
k <- quantile(L, c(.05,.275,.5,.725,.95), type=7)
rcs <- function(x) { kk <- k; K <- length(kk); sc <- (kk[K]-kk[1])^2; c3 <- function(t) pmax(x-t,0)^3
  cbind(1, x-kk[3], matrix(sapply(1:(K-2), function(j) (c3(kk[j]) - c3(kk[K-1])*(kk[K]-kk[j])/(kk[K]-kk[K-1]) + c3(kk[K])*(kk[K-1]-kk[j])/(kk[K]-kk[K-1]))/sc), length(x))) }
X <- rcs(L); ms <- glm(y ~ X - 1, family=binomial, control=glm.control(epsilon=1e-14)); V <- vcovCL(ms,cluster=cl,type="HC0")
lo <- min(p); hi <- max(p)
for (st in c(10,30)) { pr <- lo + st/50*(hi-lo); x <- rcs(qlogis(pr)); l <- sum(x*coef(ms)); e <- sqrt(x%*%V%*%t(x)); f(pr, plogis(l), plogis(l-qt(.975,G-1)*e), plogis(l+qt(.975,G-1)*e)) }
f2 <- fitted(ms); cat("ici\n"); f(mean(abs(f2-p)))
# A large bootstrap of clusters.
set.seed(1); rows <- split(seq_along(y), cl); B <- 4000; st <- c(.005,.01,.05,.1,.2)
listx <- function(s,y,size) { o <- sort(unique(s),decreasing=TRUE); got <- 0; room <- size; for (v in o) { i <- s==v; t <- sum(i); pl <- min(room,t); got <- got + pl*sum(y[i])/t; room <- room-pl; if (room<=0) break }; got }
ap <- function(s,y) { o <- sort(unique(s),decreasing=TRUE); t <- 0; r <- 0; a <- 0; for (v in o) { i <- s==v; e <- sum(y[i]); r <- r+e; t <- t+sum(i); a <- a+e*r/t }; a/sum(y) }
nb <- function(p,y,t) { f <- p>=t; mean(f&y==1) - mean(f&y==0)*t/(1-t) }
fig <- function(i) { P <- p[i]; Y <- y[i]; Q <- q[i]; nn <- length(i); S <- P[Y==1]; O <- P[Y==0]
  r <- rank(P); auc <- (sum(r[Y==1]) - sum(Y)*(sum(Y)+1)/2)/sum(Y)/sum(1-Y); br <- mean((P-Y)^2); pv <- mean(Y)
  l60 <- listx(P,Y,60/n*nn); l5 <- listx(P,Y,ceiling(.05*n)/n*nn); xx <- rcs(qlogis(P)); fi <- suppressWarnings(glm.fit(xx,Y,family=binomial()))$fitted
  t <- 0.4; fl <- sum(P>=t); rb <- if (fl>0) { e <- listx(Q,Y,fl); e/nn-(fl-e)/nn*t/(1-t) } else 0
  c(auc,ap(P,Y),br,1-br/(pv*(1-pv)),mean(abs(fi-P)),l60/(60/n*nn),l60/sum(Y),l60/(60/n*nn)/pv,l5/(ceiling(.05*n)/n*nn),nb(P,Y,t),nb(P,Y,t)-rb) }
if (length(commandArgs(TRUE))) {
d <- replicate(B, fig(unlist(rows[sample(G,G,TRUE)])))
cat("bootstrap auc ap brier scaled ici prec60 sens60 lift60 prec5% nb.4 above.4: figure, lower, upper, sd\n")
a <- fig(seq_along(y)); for (k in 1:11) f(a[k], quantile(d[k,],c(.025,.975)), sd(d[k,])) }
